public import Episodes

/// One page of a listing.
public struct EpisodeList: Hashable, Sendable, Encodable {
  public var episodes: [Episode]
  /// Where the next page starts; nil after the last.
  public var next: String?
  /// Whether the durable store was away, so that only episodes in the cache are listed, on one page.
  public var isPartial: Bool

  public init(episodes: [Episode], next: String?, isPartial: Bool = false) {
    self.episodes = episodes
    self.next = next
    self.isPartial = isPartial
  }
}
