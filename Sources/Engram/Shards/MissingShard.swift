/// A shard that did not answer a search, or not with all that it keeps.
public struct MissingShard: Hashable, Sendable, Codable {
  public var shard: String
  public var problem: String
  /// Whether what this node has of it in its cache was searched.
  public var isCacheSearched: Bool

  public init(shard: String, problem: String, isCacheSearched: Bool) {
    self.shard = shard
    self.problem = problem
    self.isCacheSearched = isCacheSearched
  }
}
