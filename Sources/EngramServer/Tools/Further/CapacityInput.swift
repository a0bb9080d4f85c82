internal import Episodes

/// The limits to set, or to look at.
struct CapacityInput: Decodable {
  var episodesMax: Int?
  var namespaceEpisodesMax: Int?
  var policy: EvictionPolicy?

  var limits: CapacityLimits {
    CapacityLimits(
      episodesMax: episodesMax, namespaceEpisodesMax: namespaceEpisodesMax,
      policy: policy ?? .leastRecentlyUsed)
  }
}
