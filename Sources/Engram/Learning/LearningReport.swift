/// What was learned from episodes.
public struct LearningReport: Hashable, Sendable, Codable {
  /// Episodes that were learned from.
  public var episodes = 0
  /// Patterns that were not known before.
  public var newPatterns = 0
  /// How often a known pattern was seen once more.
  public var mergedOccurrences = 0
  /// Heuristics made or changed.
  public var heuristics = 0
  /// Patterns that were embedded, so that they are found by meaning.
  public var embeddedPatterns = 0
  /// Episodes that cannot be read, and why; they are tried three times.
  public var problems: [String] = []

  public init() {}
}
