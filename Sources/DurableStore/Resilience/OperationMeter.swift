internal import Synchronization

/// Counts calls and their times.
final class OperationMeter: Sendable {
  private struct State {
    var failures = 0
    var retries = 0
    var histogram = LatencyHistogram()
  }

  private let state = Mutex(State())

  func ended(after duration: Duration, failed: Bool, retries: Int) {
    state.withLock {
      $0.histogram.add(duration)
      $0.retries += retries
      if failed { $0.failures += 1 }
    }
  }

  /// Calls that have ended.
  var count: Int { state.withLock { $0.histogram.total } }

  var statistics: OperationStatistics {
    state.withLock {
      OperationStatistics(
        count: $0.histogram.total, failures: $0.failures, retries: $0.retries,
        p50Microseconds: $0.histogram.microseconds(atShare: 0.5),
        p99Microseconds: $0.histogram.microseconds(atShare: 0.99),
        microsecondsMax: $0.histogram.microsecondsMax)
    }
  }
}
