#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Waits between tries that grow by a factor, up to a bound, and that chance shortens, so that many who fail
/// together do not come back together.
package struct Backoff: Hashable, Sendable {
  /// Seconds before the second try.
  package var firstSeconds: Double
  /// Seconds at most.
  package var secondsMax: Double
  /// By how much each wait is longer than the one before; at least 1.
  package var factor: Double
  /// The share of a wait that chance may take away, 0 to 1.
  package var jitter: Double

  package init(firstSeconds: Double, secondsMax: Double, factor: Double, jitter: Double) {
    self.firstSeconds = firstSeconds
    self.secondsMax = secondsMax
    self.factor = factor
    self.jitter = jitter
  }

  /// Seconds to wait.
  ///
  /// - Parameters:
  ///   - waitCount: how many waits there were before; 0 for the first.
  ///   - chance: 0 to 1, how much of what chance may take away it takes.
  /// - Complexity: O(1).
  package func seconds(after waitCount: Int, chance: Double) -> Double {
    // Nothing times infinity would be no number.
    guard firstSeconds > 0 else { return 0 }
    let seconds = min(firstSeconds * pow(factor, Double(max(0, waitCount))), secondsMax)
    return seconds * (1 - jitter * min(1, max(0, chance)))
  }
}
