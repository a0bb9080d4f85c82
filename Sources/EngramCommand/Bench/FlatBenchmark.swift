internal import Platform
internal import Vamana
internal import VectorMath

/// Measures exact search: one query after the other, and all at once.
struct FlatBenchmark {
  var base: VectorMatrix
  var queries: VectorMatrix
  var metric: Metric
  var k: Int
  var threadCount: Int
  var keepsCodes: Bool
  /// Timed passes; one more warms up.
  var passCount: Int

  /// - Throws: ``VamanaError``; ``CommandFailure`` if one query and the batch do not agree.
  func run() throws -> FlatMeasurement {
    let clock = ContinuousClock()
    var index = try FlatIndex(dimension: base.dimension, metric: metric, keepsCodes: keepsCodes)
    var start = clock.now
    try base.withRows(0..<base.count) {
      try index.append(
        $0, recordIDs: (0..<base.count).map(UInt64.init), threadCount: threadCount)
    }
    let appendSeconds = (clock.now - start).inSeconds
    var latencies: [Double] = []
    var passSeconds = Double.infinity
    var batchSeconds = Double.infinity
    // The two take turns, so that a machine that is busy for a while slows both.
    for pass in 0...passCount {
      start = clock.now
      let (hits, taken) = try oneByOne(index)
      let seconds = (clock.now - start).inSeconds
      start = clock.now
      let batch = try queries.withRows(0..<queries.count) {
        try index.searchBatch($0, k: k, threadCount: threadCount)
      }
      guard batch == hits else {
        throw CommandFailure(
          "the batch found other records than single queries; expected the same")
      }
      guard pass > 0 else { continue }
      batchSeconds = min(batchSeconds, (clock.now - start).inSeconds)
      passSeconds = min(passSeconds, seconds)
      latencies += taken
    }
    let times = Latencies(latencies)
    return FlatMeasurement(
      config: "flat,\(keepsCodes ? "codes" : "vectors"),kernels=\(DistanceKernels.best.name)",
      count: index.count, dimension: index.dimension, metric: metric.description, k: k,
      threads: threadCount, queries: queries.count, appendSeconds: appendSeconds,
      indexBytes: index.byteCount, p50Microseconds: times.p50Microseconds,
      p99Microseconds: times.p99Microseconds,
      qps: Double(queries.count) / passSeconds, batchSeconds: batchSeconds,
      batchQPS: Double(queries.count) / batchSeconds)
  }

  /// The hits of each query and the seconds it took.
  private func oneByOne(_ index: FlatIndex) throws -> (hits: [[SearchHit]], seconds: [Double]) {
    let clock = ContinuousClock()
    var hits: [[SearchHit]] = []
    var seconds: [Double] = []
    for query in 0..<queries.count {
      let start = clock.now
      hits.append(try index.search(queries.row(query), k: k))
      seconds.append((clock.now - start).inSeconds)
    }
    return (hits, seconds)
  }
}
