/// What a search found.
public struct SearchResults: Hashable, Sendable, Encodable {
  /// Best first; exactly `min(limit, matches)`.
  public var hits: [EpisodeHit]
  public var timing: SearchTiming
  /// Whether the durable store was away, so that only episodes in the cache were searched.
  public var isStoreAway = false
  /// The shards that did not answer with all they keep, by name; empty where nothing was left out. See
  /// ``ShardedMemory/search(_:in:)``.
  public var missingShards: [MissingShard] = []

  /// Whether most likely nothing that is remembered answers the question: there are hits, and all are weak.
  public var isWeak: Bool { !hits.isEmpty && hits.allSatisfy(\.isWeak) }

  private enum CodingKeys: String, CodingKey {
    case hits, timing, isStoreAway, isWeak, missingShards
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(hits, forKey: .hits)
    try container.encode(timing, forKey: .timing)
    try container.encode(isStoreAway, forKey: .isStoreAway)
    try container.encode(isWeak, forKey: .isWeak)
    if !missingShards.isEmpty { try container.encode(missingShards, forKey: .missingShards) }
  }

  public init(hits: [EpisodeHit], timing: SearchTiming) {
    self.hits = hits
    self.timing = timing
  }
}
