/// A rule learned from repeated successful decisions: on `condition`, do `action`.
public struct Heuristic: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  public var condition: String
  public var action: String
  /// Success rate times the square root of the number of episodes behind it.
  public var confidence: Double
  /// The ids of the episodes behind it.
  public var evidence: [String]
  public var createdAt: Timestamp
  public var updatedAt: Timestamp

  public init(
    id: String, condition: String, action: String, confidence: Double, evidence: [String],
    createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.id = id
    self.condition = condition
    self.action = action
    self.confidence = confidence
    self.evidence = evidence
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
