/// What an episode taught, drawn from its steps by rules.
public struct Reflection: Hashable, Sendable, Codable {
  /// What worked; at most five entries.
  public var successes: [String]
  /// What to do differently; at most five entries.
  public var improvements: [String]
  /// What was learned; at most five entries.
  public var insights: [String]
  public var generatedAt: Timestamp

  public init(
    successes: [String], improvements: [String], insights: [String], generatedAt: Timestamp
  ) {
    self.successes = successes
    self.improvements = improvements
    self.insights = insights
    self.generatedAt = generatedAt
  }
}
