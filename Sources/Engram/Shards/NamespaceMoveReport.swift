/// What moving a namespace to another shard did.
public struct NamespaceMoveReport: Hashable, Sendable, Codable {
  public var namespace: String
  public var from: String
  public var to: String
  /// Those that are in the new shard now and in the old one no longer.
  public var episodes = 0
  public var patterns = 0
  public var heuristics = 0
  public var relationships = 0
  public var recommendations = 0
  /// Of all, those that were in the new shard before, as after a move that was cut off.
  public var alreadyThere = 0

  public init(namespace: String, from: String, to: String) {
    self.namespace = namespace
    self.from = from
    self.to = to
  }
}
