/// The connections of a pool now, and what became of those who asked for one.
public struct PoolStatistics: Hashable, Sendable, Codable {
  /// The most connections.
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
  /// How many callers had to wait for one; those that gave up included.
  public var waitCount = 0
  /// How long they waited together, in seconds.
  public var waitSeconds = 0.0
  /// The longest wait, in seconds.
  public var waitSecondsMax = 0.0
  /// Callers whose time was up.
  public var timedOutCount = 0
  /// Connections opened so far.
  public var openedCount = 0
  /// Connections that could not be opened.
  public var openFailureCount = 0
  /// Closed because they were idle for long or broken.
  public var retiredCount = 0

  /// All zero.
  public init() {}
}
