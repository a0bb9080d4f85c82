/// What a search found.
public struct SearchResults: Hashable, Sendable, Encodable {
  /// Nearest first; exactly `min(limit, matches)`.
  public var hits: [EpisodeHit]
  public var timing: SearchTiming

  public init(hits: [EpisodeHit], timing: SearchTiming) {
    self.hits = hits
    self.timing = timing
  }
}
