public import Episodes

/// Some episodes of a listing.
public struct EpisodePage: Hashable, Sendable {
  public var episodes: [Episode]
  /// Where to go on; nil at the end.
  public var next: EpisodeCursor?

  public init(episodes: [Episode], next: EpisodeCursor? = nil) {
    self.episodes = episodes
    self.next = next
  }
}
