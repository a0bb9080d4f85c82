internal import Platform

/// How often and how soon a failed call is tried again.
public struct RetryConfiguration: Hashable, Sendable, Codable {
  /// Tries after the first; 0 for none.
  public var retriesMax: Int
  /// The pause before the first retry, in seconds.
  public var initialSeconds: Double
  /// The longest pause, in seconds.
  public var secondsMax: Double
  /// By how much each pause is longer than the one before.
  public var multiplier: Double
  /// The share of a pause that chance may take away, 0 to 1, so that many callers do not come back
  /// together.
  public var jitter: Double

  /// Makes a configuration; numbers outside of their range are brought to its nearest end.
  public init(
    retriesMax: Int = 3, initialSeconds: Double = 0.1, secondsMax: Double = 5,
    multiplier: Double = 2, jitter: Double = 0.5
  ) {
    self.retriesMax = max(0, retriesMax)
    self.initialSeconds = max(0, initialSeconds)
    self.secondsMax = max(0, secondsMax)
    self.multiplier = max(1, multiplier)
    self.jitter = min(1, max(0, jitter))
  }

  /// Never tries again.
  public static let never = RetryConfiguration(retriesMax: 0)

  /// The pause before a retry.
  ///
  /// - Parameters:
  ///   - retry: 0 for the first.
  ///   - random: from 0 up to but not including 1.
  func pause(beforeRetry retry: Int, random: Double) -> Duration {
    let backoff = Backoff(
      firstSeconds: initialSeconds, secondsMax: secondsMax, factor: multiplier, jitter: jitter)
    return .seconds(bounding: backoff.seconds(after: retry, chance: random))
  }
}
