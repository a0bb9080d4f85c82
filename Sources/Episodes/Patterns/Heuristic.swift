/// A rule learned from repeated successful decisions: on `condition`, do `action`.
public struct Heuristic: Hashable, Sendable, Codable, Identifiable {
  /// A learned heuristic has the id of the decision point it was learned from.
  public var id: String
  public var namespace: String
  public var condition: String
  public var action: String
  /// Success rate times the square root of the number of episodes behind it.
  public var confidence: Double
  /// The ids of the episodes behind it.
  public var evidence: [String]
  public var createdAt: Timestamp
  public var updatedAt: Timestamp

  public init(
    id: String, namespace: String = Episode.defaultNamespace, condition: String, action: String,
    confidence: Double, evidence: [String], createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.id = id
    self.namespace = namespace
    self.condition = condition
    self.action = action
    self.confidence = confidence
    self.evidence = evidence
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// Decodes a heuristic; one without a namespace is of the default one.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id),
      namespace: try container.decodeIfPresent(String.self, forKey: .namespace)
        ?? Episode.defaultNamespace,
      condition: try container.decode(String.self, forKey: .condition),
      action: try container.decode(String.self, forKey: .action),
      confidence: try container.decode(Double.self, forKey: .confidence),
      evidence: try container.decode([String].self, forKey: .evidence),
      createdAt: try container.decode(Timestamp.self, forKey: .createdAt),
      updatedAt: try container.decode(Timestamp.self, forKey: .updatedAt))
  }
}
