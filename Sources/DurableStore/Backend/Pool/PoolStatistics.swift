/// The connections of a pool now, and what became of those who asked for one.
public struct PoolStatistics: Hashable, Sendable, Codable {
  public var connectionsMax = 0
  /// In use.
  public var active = 0
  /// Open and free.
  public var idle = 0
  /// Being opened.
  public var opening = 0
  /// Callers that wait now.
  public var waiting = 0
  /// How often a connection was handed out.
  public var acquiredCount = 0
  /// How many callers had to wait for one, and how long together and at most, in seconds; those that
  /// gave up included.
  public var waitCount = 0
  public var waitSeconds = 0.0
  public var waitSecondsMax = 0.0
  /// Callers whose time was up.
  public var timedOutCount = 0
  public var openedCount = 0
  public var openFailureCount = 0
  /// Closed because they were idle for long or broken.
  public var retiredCount = 0

  public init() {}
}
