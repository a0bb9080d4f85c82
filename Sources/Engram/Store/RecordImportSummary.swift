/// What an import of records did.
public struct RecordImportSummary: Hashable, Sendable, Codable {
  /// Stored now.
  public var episodes = 0
  public var patterns = 0
  public var heuristics = 0
  public var relationships = 0
  /// Stored before, and left as they were.
  public var alreadyStored = 0
  /// Of those, the ones whose content is stored under another id.
  public var sameContent = 0
  /// Episodes that were forgotten, and not stored again.
  public var forgotten = 0
  /// Patterns and heuristics that rest on forgotten episodes, and were not stored.
  public var forgottenLearning = 0
  /// Episodes that were deleted, because there were more than the limit allows.
  public var evicted = 0
  /// The ids of both: under them nothing is stored. Of one import, and not of several together.
  public var omittedIDs: [String] = []
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
    left.sameContent += right.sameContent
    left.forgotten += right.forgotten
    left.forgottenLearning += right.forgottenLearning
    left.evicted += right.evicted
    left.problems += right.problems
  }
}
