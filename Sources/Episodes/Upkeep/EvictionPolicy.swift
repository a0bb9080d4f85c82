#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which episodes go first where there are more than a limit allows.
public enum EvictionPolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// Those whose last use is the longest ago: when they were read last, else their end, else their start.
  case leastRecentlyUsed
  /// Those with the lowest 0.7 · quality + 0.3 · e^(−hours/24): the quality is the reward, at most 1, and the
  /// hours are those since the last use.
  case relevance

  /// The relevance of an episode, by which ``relevance`` orders.
  ///
  /// - Parameters:
  ///   - reward: the total; nil for an unfinished episode.
  ///   - hours: since its last use.
  public static func relevance(reward: Double?, hours: Double) -> Double {
    0.7 * min(1, max(0, reward ?? 0)) + 0.3 * exp(-max(0, hours) / 24)
  }
}
