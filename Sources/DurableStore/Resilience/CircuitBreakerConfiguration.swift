/// When a circuit breaker opens and closes.
public struct CircuitBreakerConfiguration: Hashable, Sendable, Codable {
  /// Failures in a row that open a closed breaker.
  public var failuresToOpen: Int
  /// Successful probes that close it again.
  public var successesToClose: Int
  /// How long it stays open before it lets probes through, in seconds.
  public var openSeconds: Double
  /// Probes under way at the same time.
  public var probesMax: Int

  /// Makes a configuration; numbers that are too small are raised to the least that works.
  public init(
    failuresToOpen: Int = 5, successesToClose: Int = 2, openSeconds: Double = 60,
    probesMax: Int = 3
  ) {
    self.failuresToOpen = max(1, failuresToOpen)
    self.successesToClose = max(1, successesToClose)
    self.openSeconds = max(0, openSeconds)
    self.probesMax = max(1, probesMax)
  }
}
