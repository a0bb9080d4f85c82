/// What a sweep of the cache did.
public struct CacheSweepReport: Hashable, Sendable, Codable {
  /// Episodes dropped because their time was over.
  public var expired = 0
  /// Episodes dropped because the cache was over its bounds.
  public var evicted = 0
  /// Episodes whose reads were written down, so that they are evicted later.
  public var refreshed = 0
  /// Places of readers whose processes are gone, given back.
  public var staleReaders = 0
  /// Damaged records that were read from the durable store again.
  public var healed = 0

  public init() {}
}
