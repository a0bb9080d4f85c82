public import Episodes

/// An episode found by its place.
public struct NearbyEpisode: Hashable, Sendable {
  public var episode: Episode
  /// From the place asked for, along the surface.
  public var distanceMeters: Double

  public init(episode: Episode, distanceMeters: Double) {
    self.episode = episode
    self.distanceMeters = distanceMeters
  }
}
