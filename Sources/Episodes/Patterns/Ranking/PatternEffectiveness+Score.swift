#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension PatternEffectiveness {
  /// Days after which what was learned from use counts half.
  public static let halfLifeDays = 90.0

  /// How much the use of a pattern says at a time, from 1 for a use just now down to 0: it halves every
  /// ``halfLifeDays``. 0 for a pattern that was never used.
  public func decay(at time: Timestamp) -> Double {
    guard let lastUsed else { return 0 }
    return pow(0.5, max(0, time.seconds(since: lastUsed)) / (86_400 * Self.halfLifeDays))
  }

  /// How good the pattern proved to be when applied, 0 (it hinders) to 1 (it helps); 0.5 when nothing is
  /// known.
  ///
  /// `½ + ½ · decay · (W(successes) − W(failures))`, with W the Wilson lower bound of each among both: a
  /// few uses move it a little, many move it far, and without use it drifts back to the middle.
  public func score(at time: Timestamp) -> Double {
    let successes = Double(successWhenApplied)
    let failures = Double(failureWhenApplied)
    let count = successes + failures
    let balance =
      WilsonInterval.lowerBound(successes: successes, count: count)
      - WilsonInterval.lowerBound(successes: failures, count: count)
    return 0.5 + 0.5 * decay(at: time) * balance
  }

  /// The Wilson lower bound of success when applied.
  public var wilsonLowerBound: Double {
    WilsonInterval.lowerBound(
      successes: Double(successWhenApplied),
      count: Double(successWhenApplied) + Double(failureWhenApplied))
  }
}

extension Pattern {
  /// The Wilson lower bound of the success of its occurrences.
  public var wilsonLowerBound: Double {
    WilsonInterval.lowerBound(
      successes: successRate * Double(occurrenceCount), count: Double(occurrenceCount))
  }

  /// `e^(−days/30)` since the pattern was last seen or used.
  public func recency(at time: Timestamp) -> Double {
    let last = max(updatedAt, effectiveness.lastUsed ?? updatedAt)
    return exp(-max(0, time.seconds(since: last)) / (86_400 * 30))
  }
}
