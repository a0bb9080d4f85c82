public import Episodes

/// Patterns recommended for a task; feedback on them names the recommendation.
public struct Recommendation: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  /// Best first.
  public var patterns: [RankedPattern]

  public init(id: String, patterns: [RankedPattern]) {
    self.id = id
    self.patterns = patterns
  }
}
