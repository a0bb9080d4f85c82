/// A directed link from one episode to another.
public struct Relationship: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  /// The id of the episode the link starts from.
  public var from: String
  /// The id of the episode the link leads to.
  public var to: String
  public var kind: RelationshipKind
  public var reason: String?
  public var priority: Int?
  public var createdAt: Timestamp

  public init(
    id: String, from: String, to: String, kind: RelationshipKind, reason: String? = nil,
    priority: Int? = nil, createdAt: Timestamp
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.kind = kind
    self.reason = reason
    self.priority = priority
    self.createdAt = createdAt
  }
}
