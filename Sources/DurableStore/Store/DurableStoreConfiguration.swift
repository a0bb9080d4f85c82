/// How a store is opened.
public struct DurableStoreConfiguration: Sendable {
  /// How long one try of a write waits for another process to finish its own, in seconds.
  public var busyTimeoutSeconds: Double
  public var pool: PoolConfiguration
  /// Of the breaker of reads and of that of writes.
  public var breaker: CircuitBreakerConfiguration
  public var retries: RetryConfiguration
  /// For tests.
  public var clock: StoreClock

  public init(
    busyTimeoutSeconds: Double = 10, pool: PoolConfiguration = PoolConfiguration(),
    breaker: CircuitBreakerConfiguration = CircuitBreakerConfiguration(),
    retries: RetryConfiguration = RetryConfiguration(), clock: StoreClock = .system
  ) {
    self.busyTimeoutSeconds = busyTimeoutSeconds
    self.pool = pool
    self.breaker = breaker
    self.retries = retries
    self.clock = clock
  }
}
