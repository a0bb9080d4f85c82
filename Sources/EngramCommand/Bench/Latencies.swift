/// The times of many queries, summed up.
struct Latencies {
  /// Seconds, ascending.
  private let sorted: [Double]

  /// - Parameter seconds: of each query, at least one.
  init(_ seconds: [Double]) { sorted = seconds.sorted() }

  var p50Microseconds: Double { sorted[sorted.count / 2] * 1e6 }
  var p99Microseconds: Double { sorted[sorted.count * 99 / 100] * 1e6 }
}
