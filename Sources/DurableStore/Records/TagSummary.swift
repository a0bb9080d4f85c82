public import Episodes

/// How a tag is used.
public struct TagSummary: Hashable, Sendable, Codable {
  public var tag: Tag
  /// Episodes that have it, of their own or in their context.
  public var episodes: Int
  public var finished: Int
  public var successes: Int
  /// Successes among the finished; nil if none is.
  public var successRate: Double?
  public var averageReward: Double?
  /// The latest start of an episode that has it.
  public var lastUsed: Timestamp

  public init(
    tag: Tag, episodes: Int, finished: Int, successes: Int, averageReward: Double?,
    lastUsed: Timestamp
  ) {
    self.tag = tag
    self.episodes = episodes
    self.finished = finished
    self.successes = successes
    self.successRate = finished > 0 ? Double(successes) / Double(finished) : nil
    self.averageReward = averageReward
    self.lastUsed = lastUsed
  }
}
