public import Episodes

/// What an episode is shown by among many: little, however much it holds.
public struct EpisodeLabel: Hashable, Sendable {
  public var id: String
  public var domain: String
  /// The beginning of the task.
  public var title: String
  public var outcome: TaskOutcome.Kind?
}
