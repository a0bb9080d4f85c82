/// What a sweep of a ``RecordCache`` did.
public struct CacheSweep: Hashable, Sendable, Codable {
  /// Episodes dropped because their time was over.
  public var expiredCount = 0
  /// Episodes dropped because the cache was over its bounds.
  public var evictedCount = 0
  /// Episodes whose reads were written down.
  public var refreshedCount = 0

  /// What a sweep did.
  public init(expiredCount: Int = 0, evictedCount: Int = 0, refreshedCount: Int = 0) {
    self.expiredCount = expiredCount
    self.evictedCount = evictedCount
    self.refreshedCount = refreshedCount
  }
}
