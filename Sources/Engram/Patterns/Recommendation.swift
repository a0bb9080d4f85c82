public import Episodes

/// Patterns recommended for a task; feedback on them names the recommendation.
public struct Recommendation: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  /// Best first; empty where nothing known fits the task well.
  public var patterns: [RankedPattern]
  /// Where nothing fits well, the pattern that is most like the task: not to be relied on. Nil where there is none.
  public var nearest: RankedPattern?

  public init(id: String, patterns: [RankedPattern], nearest: RankedPattern? = nil) {
    self.id = id
    self.patterns = patterns
    self.nearest = nearest
  }
}
