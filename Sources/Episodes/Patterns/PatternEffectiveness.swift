/// What is known of a pattern from its use.
public struct PatternEffectiveness: Hashable, Sendable, Codable {
  public var timesRetrieved: Int
  public var timesApplied: Int
  public var successWhenApplied: Int
  public var failureWhenApplied: Int
  /// The mean difference in reward between episodes that applied the pattern and those that did not.
  public var averageRewardDelta: Double
  public var lastUsed: Timestamp?

  public init(
    timesRetrieved: Int = 0, timesApplied: Int = 0, successWhenApplied: Int = 0,
    failureWhenApplied: Int = 0, averageRewardDelta: Double = 0, lastUsed: Timestamp? = nil
  ) {
    self.timesRetrieved = timesRetrieved
    self.timesApplied = timesApplied
    self.successWhenApplied = successWhenApplied
    self.failureWhenApplied = failureWhenApplied
    self.averageRewardDelta = averageRewardDelta
    self.lastUsed = lastUsed
  }
}
