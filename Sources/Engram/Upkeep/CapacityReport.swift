public import Episodes

/// The limits on the number of episodes, and how much of them is used.
public struct CapacityReport: Hashable, Sendable, Codable {
  public var limits: CapacityLimits
  /// Whether the limits are those of this process's configuration, and not those kept with the store.
  public var isConfigured: Bool
  public var episodes: Int
  public var namespaces: [String: Int]
  /// What writes of this memory have evicted since it was opened.
  public var evictedSinceOpening: Int

  public init(
    limits: CapacityLimits, isConfigured: Bool, episodes: Int, namespaces: [String: Int],
    evictedSinceOpening: Int
  ) {
    self.limits = limits
    self.isConfigured = isConfigured
    self.episodes = episodes
    self.namespaces = namespaces
    self.evictedSinceOpening = evictedSinceOpening
  }
}
