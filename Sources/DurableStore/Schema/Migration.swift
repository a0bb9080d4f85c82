/// One step of the schema, from the version before it to its own.
///
/// A released migration is never edited: a change of the schema is a new migration.
struct Migration: Sendable {
  /// From 1, rising.
  var version: Int
  /// One statement each: a remote takes no scripts.
  var statements: [String]
}

extension Migration {
  /// Every migration, oldest first.
  static let all: [Migration] = [
    .version1, .version2, .version3, .version4, .version5, .version6,
  ]
}
