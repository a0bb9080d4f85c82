/// Time and chance as the store sees them. Tests put their own in, and never sleep.
public struct StoreClock: Sendable {
  /// The time since some fixed moment; never goes back.
  public var now: @Sendable () -> Duration
  /// Returns after that long; throws when the task is cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void
  /// A number from 0 up to but not including 1.
  public var random: @Sendable () -> Double

  /// Makes a clock of its three parts.
  public init(
    now: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
  }

  private static let start = ContinuousClock.now

  /// The machine's monotonic clock and random numbers.
  public static let system = StoreClock(
    now: { ContinuousClock.now - start },
    sleep: { try await ContinuousClock().sleep(for: $0) },
    random: { Double.random(in: 0..<1) })
}
