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

  /// Decodes a checkpoint; one without `episode` gets an empty one, for the episode around it to fill
  /// in.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id),
      episode: try container.decodeIfPresent(String.self, forKey: .episode) ?? "",
      stepNumber: try container.decode(Int.self, forKey: .stepNumber),
      timestamp: try container.decode(Timestamp.self, forKey: .timestamp),
      label: try container.decode(String.self, forKey: .label),
      note: try container.decodeIfPresent(String.self, forKey: .note))
  }
}
