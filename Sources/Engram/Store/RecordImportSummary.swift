/// What an import of records did.
public struct RecordImportSummary: Hashable, Sendable, Codable {
  /// Stored now.
  public var episodes = 0
  public var patterns = 0
  public var heuristics = 0
  public var relationships = 0
  /// Stored before, and left as they were.
  public var alreadyStored = 0
  /// Relationships that cannot be, each with the reason.
  public var problems: [String] = []

  public init() {}

  public var addedCount: Int { episodes + patterns + heuristics + relationships }

  public static func += (left: inout RecordImportSummary, right: RecordImportSummary) {
    left.episodes += right.episodes
    left.patterns += right.patterns
    left.heuristics += right.heuristics
    left.relationships += right.relationships
    left.alreadyStored += right.alreadyStored
    left.problems += right.problems
  }
}
