internal import Foundation
internal import Platform

/// Counts of times in buckets that are each 19 % wider than the one before: four to a doubling.
struct LatencyHistogram: Sendable {
  private var counts = [Int](repeating: 0, count: 128)
  private(set) var total = 0
  private(set) var microsecondsMax = 0.0

  mutating func add(_ duration: Duration) {
    let microseconds = max(duration.inSeconds * 1e6, 0)
    let bucket = microseconds <= 1 ? 0 : Int(4 * log2(microseconds)) + 1
    counts[min(bucket, counts.count - 1)] += 1
    total += 1
    microsecondsMax = max(microsecondsMax, microseconds)
  }

  /// The upper end of the bucket below which a share of the times lie; 0 without any.
  func microseconds(atShare share: Double) -> Double {
    let wanted = Int((Double(total) * share).rounded(.up))
    var seen = 0
    for (bucket, count) in counts.enumerated() where count > 0 {
      seen += count
      if seen >= wanted { return min(exp2(Double(bucket) / 4), microsecondsMax) }
    }
    return 0
  }
}
