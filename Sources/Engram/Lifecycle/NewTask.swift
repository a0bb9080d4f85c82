public import Episodes

/// What is known of an episode when it starts.
public struct NewTask: Hashable, Sendable {
  public var description: String
  public var type: TaskType
  public var context: TaskContext
  public var namespace: String
  public var agentID: String?
  public var sessionID: String?
  public var tags: [Tag]
  public var metadata: [String: String]
  public var location: Location?
  /// Since when it holds what the episode says; nil for its start.
  public var validFrom: Timestamp?
  public var validUntil: Timestamp?
  /// Nil for a new UUIDv7.
  public var id: String?

  public init(
    _ description: String, type: TaskType = .other, context: TaskContext = TaskContext(),
    namespace: String = Episode.defaultNamespace, agentID: String? = nil, sessionID: String? = nil,
    tags: [Tag] = [], metadata: [String: String] = [:], location: Location? = nil,
    validFrom: Timestamp? = nil, validUntil: Timestamp? = nil, id: String? = nil
  ) {
    self.description = description
    self.type = type
    self.context = context
    self.namespace = namespace
    self.agentID = agentID
    self.sessionID = sessionID
    self.tags = tags
    self.metadata = metadata
    self.location = location
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.id = id
  }
}
