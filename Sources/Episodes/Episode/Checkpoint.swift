/// A marked point in an episode, from which it can be resumed or handed to another agent.
public struct Checkpoint: Hashable, Sendable, Codable {
  public var id: String
  /// The id of the episode.
  public var episode: String
  /// The number of the last step done before this point.
  public var stepNumber: Int
  public var timestamp: Timestamp
  public var label: String
  public var note: String?

  public init(
    id: String, episode: String, stepNumber: Int, timestamp: Timestamp, label: String,
    note: String? = nil
  ) {
    self.id = id
    self.episode = episode
    self.stepNumber = stepNumber
    self.timestamp = timestamp
    self.label = label
    self.note = note
  }
}
