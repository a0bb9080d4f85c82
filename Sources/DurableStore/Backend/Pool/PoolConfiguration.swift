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

  public init(
    connectionsMax: Int = 10, idleMin: Int = 1, waitSecondsMax: Double = 30,
    connectSecondsMax: Double = 10, idleSecondsMax: Double = 300
  ) {
    self.connectionsMax = max(2, connectionsMax)
    self.idleMin = min(max(0, idleMin), self.connectionsMax - 1)
    self.waitSecondsMax = max(0, waitSecondsMax)
    self.connectSecondsMax = max(0, connectSecondsMax)
    self.idleSecondsMax = max(0, idleSecondsMax)
  }
}
