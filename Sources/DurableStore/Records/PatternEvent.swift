public import Episodes

/// A pattern was recommended for a task, or applied in an episode, and what that did.
public struct PatternEvent: Hashable, Sendable, Codable {
  public var time: Timestamp
  /// The task, in words.
  public var task: String
  /// The episode in which it was done, if that is known.
  public var episodeID: String?
  /// What using the pattern did; nil until somebody says.
  public var effect: AppliedPattern.Effect?

  public init(
    time: Timestamp, task: String, episodeID: String? = nil,
    effect: AppliedPattern.Effect? = nil
  ) {
    self.time = time
    self.task = task
    self.episodeID = episodeID
    self.effect = effect
  }
}
