public import Episodes

/// What a set of episodes amounts to.
public struct EpisodeAnalytics: Hashable, Sendable, Codable {
  /// Sums over some of the episodes.
  public struct Totals: Hashable, Sendable, Codable {
    public var episodes = 0
    /// Those with an outcome.
    public var finished = 0
    public var successes = 0
    public var partialSuccesses = 0
    public var failures = 0
    public var abstentions = 0
    /// Successes by finished; nil without any.
    public var successRate: Double?
    /// The mean of the total rewards; nil without any.
    public var averageReward: Double?
    /// The mean time from start to end, in seconds; nil without any.
    public var averageSeconds: Double?
    /// The mean number of steps; nil without episodes.
    public var averageSteps: Double?

    public init() {}
  }

  /// The episodes that have one value in common.
  public struct Group: Hashable, Sendable, Codable {
    /// Nil for those without a value.
    public var name: String?
    public var totals: Totals
  }

  /// The episodes that started in one stretch of time.
  public struct Period: Hashable, Sendable, Codable {
    public var start: Timestamp
    public var totals: Totals
  }

  /// How long a stretch of time is; weeks begin on Monday, all begin at midnight UTC.
  public enum Interval: String, Hashable, Sendable, Codable, CaseIterable {
    case hour, day, week
  }

  public var totals: Totals
  /// The most frequent first.
  public var domains: [Group]
  public var taskTypes: [Group]
  public var languages: [Group]
  /// The latest of them, in the order of time; those without episodes are left out.
  public var periods: [Period]
  public var interval: Interval
}
