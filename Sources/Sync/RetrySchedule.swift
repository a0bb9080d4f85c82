internal import Platform

/// How long to wait after a failure before trying again: longer after each, up to a bound.
public struct RetrySchedule: Hashable, Sendable {
  /// Seconds after the first failure.
  public var firstSeconds: Double
  /// Seconds at most.
  public var secondsMax: Double
  /// How much longer each wait is than the one before; at least 1.
  public var factor: Double
  /// The share of a wait that is left to chance, 0 to 1, so that many processes do not come back at
  /// once.
  public var jitter: Double

  public init(
    firstSeconds: Double = 0.1, secondsMax: Double = 30, factor: Double = 2, jitter: Double = 0.25
  ) {
    self.firstSeconds = max(0, firstSeconds)
    self.secondsMax = max(0, secondsMax)
    self.factor = max(1, factor)
    self.jitter = min(1, max(0, jitter))
  }

  /// Seconds to wait after `failureCount` failures in a row, at least 1.
  ///
  /// - Parameter chance: 0 to 1, where in the part left to chance the wait lies.
  public func seconds(afterFailures failureCount: Int, chance: Double) -> Double {
    let backoff = Backoff(
      firstSeconds: firstSeconds, secondsMax: secondsMax, factor: factor, jitter: jitter)
    return backoff.seconds(after: failureCount - 1, chance: chance)
  }
}
