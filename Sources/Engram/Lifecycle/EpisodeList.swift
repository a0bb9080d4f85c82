public import Episodes

/// One page of a listing.
public struct EpisodeList: Hashable, Sendable, Encodable {
  public var episodes: [Episode]
  /// Where the next page starts; nil after the last.
  public var next: String?

  public init(episodes: [Episode], next: String?) {
    self.episodes = episodes
    self.next = next
  }
}
