/// How a store is opened.
public struct DurableStoreConfiguration: Sendable {
  /// How long one try of a write waits for another process to finish its own, in seconds.
  public var busyTimeoutSeconds: Double
  /// How many connections there are, and how long is waited for what.
  public var pool: PoolConfiguration
  /// Of the breaker of reads and of that of writes.
  public var breaker: CircuitBreakerConfiguration
  /// How often and how soon a failed call is tried again.
  public var retries: RetryConfiguration
  /// Whether a database elsewhere with nothing in it becomes a store; if not, it counts as one that cannot be opened.
  public var mayCreate = true
  /// For tests.
  public var clock: StoreClock

  /// Makes a configuration; ``DurableStore/open(path:configuration:)`` refuses numbers that no clock can
  /// wait for.
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
