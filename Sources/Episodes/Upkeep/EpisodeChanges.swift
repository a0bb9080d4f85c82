/// What is changed of an episode: the fields that say what it is about, not what was done in it.
public struct EpisodeChanges: Hashable, Sendable {
  /// Nil in this and the other optional fields keeps what is there.
  public var taskDescription: String?
  public var taskType: TaskType?
  public var context: TaskContext?
  public var tags: [Tag]?
  /// Set beside what is there.
  public var metadata: [String: String]
  /// Keys that are taken away.
  public var removedMetadata: Set<String>
  public var agentID: FieldChange<String>
  public var sessionID: FieldChange<String>
  public var location: FieldChange<Location>
  public var validFrom: FieldChange<Timestamp>
  public var validUntil: FieldChange<Timestamp>

  public init(
    taskDescription: String? = nil, taskType: TaskType? = nil, context: TaskContext? = nil,
    tags: [Tag]? = nil, metadata: [String: String] = [:], removedMetadata: Set<String> = [],
    agentID: FieldChange<String> = .keep, sessionID: FieldChange<String> = .keep,
    location: FieldChange<Location> = .keep, validFrom: FieldChange<Timestamp> = .keep,
    validUntil: FieldChange<Timestamp> = .keep
  ) {
    self.taskDescription = taskDescription
    self.taskType = taskType
    self.context = context
    self.tags = tags
    self.metadata = metadata
    self.removedMetadata = removedMetadata
    self.agentID = agentID
    self.sessionID = sessionID
    self.location = location
    self.validFrom = validFrom
    self.validUntil = validUntil
  }

  /// Whether nothing is changed.
  public var isEmpty: Bool { self == EpisodeChanges() }

  /// Changes `episode`.
  public func apply(to episode: inout Episode) {
    if let taskDescription { episode.taskDescription = taskDescription }
    if let taskType { episode.taskType = taskType }
    if let context { episode.context = context }
    if let tags { episode.tags = tags }
    for key in removedMetadata { episode.metadata[key] = nil }
    episode.metadata.merge(metadata) { $1 }
    episode.agentID = agentID.applied(to: episode.agentID)
    episode.sessionID = sessionID.applied(to: episode.sessionID)
    episode.location = location.applied(to: episode.location)
    episode.validFrom = validFrom.applied(to: episode.validFrom)
    episode.validUntil = validUntil.applied(to: episode.validUntil)
  }
}
