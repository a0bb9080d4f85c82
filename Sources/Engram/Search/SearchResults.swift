/// What a search found.
public struct SearchResults: Hashable, Sendable, Encodable {
  /// Nearest first; exactly `min(limit, matches)`.
  public var hits: [EpisodeHit]
  public var timing: SearchTiming
  /// Whether the durable store was away, so that only episodes in the cache were searched.
  public var isStoreAway = false

  public init(hits: [EpisodeHit], timing: SearchTiming) {
    self.hits = hits
    self.timing = timing
  }
}
