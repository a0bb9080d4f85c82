public import Episodes

/// Why the store refused or failed.
public enum DurableStoreError: Error, Hashable, Sendable {
  /// The file could not be opened or created.
  case cannotOpen(path: String, problem: String)
  /// The file is there, and is no SQLite database.
  case notADatabase(path: String)
  /// The file is an SQLite database that another program made.
  case foreignDatabase(path: String)
  /// A later release wrote the file.
  case newerSchema(path: String, found: Int, supported: Int)
  /// A value breaks a rule.
  case invalid(ValidationError)
  /// A record with this id is there already.
  case duplicate(RecordKind, id: String)
  /// There is no record with this id.
  case notFound(RecordKind, id: String)
  /// The episode was forgotten, and comes back only where that is asked for.
  case forgotten(id: String)
  /// The episode has ended and takes no more steps and no second outcome.
  case episodeComplete(id: String)
  /// The steps do not follow the last one stored.
  case stepOutOfOrder(episode: String, expected: Int, found: Int)
  /// The record was changed by someone else since it was read.
  case changedMeanwhile(RecordKind, id: String)
  /// The relationship would close a cycle of a kind that may have none.
  case cycle(from: String, to: String, kind: RelationshipKind)
  /// Stored bytes that do not say what they should.
  case corrupt(table: String, column: String, problem: String)
  /// A segment that could not be published: its source failed, or another publisher replaced the
  /// same segments first.
  case segmentNotPublished(problem: String)
  /// A backup that does not hold a sound store.
  case damagedBackup(path: String, problems: [String])
  /// The file must be replaced as a whole, and a process has it open.
  case inUse(path: String)
  /// The database refused or failed.
  case database(SQLError)
}

extension DurableStoreError: CustomStringConvertible {
  /// What is wrong, in words for people.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let problem): "cannot open \(path): \(problem)"
    case .notADatabase(let path): "\(path) is not an SQLite database"
    case .foreignDatabase(let path):
      "\(path) is a database of another program; choose a new file"
    case .newerSchema(let path, let found, let supported):
      "\(path) has schema version \(found), written by a later release; this one reads up to "
        + "\(supported)"
    case .invalid(let error): error.description
    case .duplicate(let kind, let id): "\(kind.rawValue) '\(id)' exists already"
    case .notFound(let kind, let id): "there is no \(kind.rawValue) '\(id)'"
    case .forgotten(let id):
      "episode '\(id)' was forgotten; use another id, or re-admit it"
    case .episodeComplete(let id): "episode '\(id)' is complete and takes no more changes"
    case .stepOutOfOrder(let episode, let expected, let found):
      "the next step of episode '\(episode)' is number \(expected), not \(found)"
    case .changedMeanwhile(let kind, let id):
      "\(kind.rawValue) '\(id)' was changed since it was read; read it again"
    case .cycle(let from, let to, let kind):
      "'\(from)' → '\(to)' would close a cycle of \(kind.rawValue) relationships"
    case .corrupt(let table, let column, let problem):
      "damaged value in \(table).\(column): \(problem)"
    case .segmentNotPublished(let problem): "the segment was not published: \(problem)"
    case .damagedBackup(let path, let problems):
      "\(path) is no sound backup: \(problems.prefix(3).joined(separator: "; "))"
    case .inUse(let path): "\(path) is in use; end the programs that have it open first"
    case .database(let error): error.description
    }
  }
}

extension DurableStoreError {
  /// Whether a write was refused for what it wrote, so that it would be again.
  package var isOfContent: Bool {
    guard case .database(let error) = self, !error.mayHaveBeenApplied else { return false }
    return switch error.kind {
    case .uniqueViolation, .foreignKeyViolation, .constraintViolation, .other: true
    default: false
    }
  }
}
