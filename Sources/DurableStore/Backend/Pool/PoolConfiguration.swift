/// How many connections there are, and how long is waited for what.
public struct PoolConfiguration: Hashable, Sendable, Codable {
  /// The most connections. Of a local file one of them writes, the others read.
  public var connectionsMax: Int
  /// Reading connections that are opened at once and kept when idle.
  public var idleMin: Int
  /// How long a call waits for a connection, in seconds.
  public var waitSecondsMax: Double
  /// How long opening a connection may take, in seconds.
  public var connectSecondsMax: Double
  /// How long a connection above ``idleMin`` stays open without being used, in seconds.
  public var idleSecondsMax: Double
  /// How long a write waits for a vacuum of this process or another, in seconds; that time does not count
  /// for ``waitSecondsMax``.
  public var vacuumSecondsMax: Double

  /// Makes a configuration; numbers that are too small are raised to the least that works.
  public init(
    connectionsMax: Int = 10, idleMin: Int = 1, waitSecondsMax: Double = 30,
    connectSecondsMax: Double = 10, idleSecondsMax: Double = 300, vacuumSecondsMax: Double = 3600
  ) {
    self.connectionsMax = max(2, connectionsMax)
    self.idleMin = min(max(0, idleMin), self.connectionsMax - 1)
    self.waitSecondsMax = max(0, waitSecondsMax)
    self.connectSecondsMax = max(0, connectSecondsMax)
    self.idleSecondsMax = max(0, idleSecondsMax)
    self.vacuumSecondsMax = max(0, vacuumSecondsMax)
  }
}
