/// The lower bound of the Wilson score interval: the success rate that is at least to be expected after so
/// many trials.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
public enum WilsonInterval {
  /// 95 % confidence.
  public static let z = 1.96

  /// `(p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)`; 0 for no trials.
  ///
  /// - Parameters:
  ///   - successes: may be a fraction, as partial successes are.
  ///   - count: how many trials.
  public static func lowerBound(successes: Double, count: Double, z: Double = z) -> Double {
    guard count > 0 else { return 0 }
    let rate = min(max(successes / count, 0), 1)
    let square = z * z
    let spread = z * (rate * (1 - rate) / count + square / (4 * count * count)).squareRoot()
    return max(0, (rate + square / (2 * count) - spread) / (1 + square / count))
  }
}
