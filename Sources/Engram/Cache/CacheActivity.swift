/// What happened in a cache.
public struct CacheActivity: Hashable, Sendable, Codable {
  /// Reads of episodes, patterns and heuristics.
  public var reads = 0
  public var hits = 0
  public var misses = 0
  /// Hits as a part of reads, 0 to 1; nil before the first read.
  public var hitRate: Double?
  public var writes = 0
  public var deletes = 0
  public var evictions = 0
  public var expirations = 0
  /// Values that were not what was written; each was treated as missing.
  public var damagedValues = 0

  public init() {}
}
