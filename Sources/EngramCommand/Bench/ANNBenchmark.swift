internal import Platform
internal import Synchronization
internal import Vamana
internal import VectorMath

/// Measures recall and speed of an index at several list sizes.
struct ANNBenchmark {
  var queries: VectorMatrix
  /// The true neighbours of each query, nearest first, at least `k` where there are as many.
  var truth: [[UInt32]]
  var k: Int
  /// Threads that search; each asks its share of the queries one by one.
  var threadCount: Int
  var listSizes: [Int]
  /// Recalls for which the index is to choose the list size itself.
  var targetRecalls: [Double] = []

  /// Passes over all queries at each setting; the median is reported.
  private static let repeatCount = 3

  /// Runs the benchmark.
  ///
  /// - Parameters:
  ///   - buildSeconds: what the index took to build.
  ///   - emit: called with each finished measurement.
  func run(
    on segment: Segment, buildSeconds: Double, emit: (ANNMeasurement) throws -> Void
  ) throws {
    let settings = ListSizeSetting.all(
      targetRecalls: targetRecalls, listSizes: listSizes, k: k, curve: segment.recallCurve)
    for setting in settings {
      var measurement = try measure(segment, listSize: setting.listSize)
      measurement.targetRecall = setting.targetRecall
      measurement.buildSeconds = buildSeconds
      measurement.indexBytes = segment.byteCount
      measurement.residentBytes = ProcessMemory.residentBytes
      try emit(measurement)
    }
  }

  private func measure(_ segment: Segment, listSize: Int) throws -> ANNMeasurement {
    let parameters = SearchParameters(k: k, listSize: listSize)
    // The first pass warms up and counts; later ones are timed.
    let counted = try pass(over: segment, parameters: parameters, counting: true)
    var rates: [Double] = []
    var latencies: [Double] = []
    for _ in 0..<Self.repeatCount {
      let timed = try pass(over: segment, parameters: parameters, counting: false)
      rates.append(Double(queries.count) / timed.seconds)
      latencies += timed.latencies
    }
    rates.sort()
    let times = Latencies(latencies)
    let wanted = truth.reduce(0) { $0 + min(k, $1.count) }
    let queryCount = Double(max(1, queries.count))
    return ANNMeasurement(
      config: config(of: segment),
      param: listSize,
      recall: wanted == 0 ? 1 : Double(counted.found) / Double(wanted),
      qps: rates[rates.count / 2],
      batchQPS: try batchRate(of: segment, parameters: parameters),
      p50Microseconds: times.p50Microseconds,
      p99Microseconds: times.p99Microseconds,
      distanceEvaluations: Double(counted.evaluations) / queryCount,
      hops: Double(counted.hops) / queryCount)
  }

  /// Queries a second when all are handed over at once: the median of the passes.
  private func batchRate(of segment: Segment, parameters: SearchParameters) throws -> Double {
    let clock = ContinuousClock()
    let rates = try (0..<Self.repeatCount).map { _ in
      try queries.withRows(0..<queries.count) { rows in
        let start = clock.now
        _ = try segment.searchBatch(rows, parameters: parameters, threadCount: threadCount)
        return Double(queries.count) / (clock.now - start).inSeconds
      }
    }
    return rates.sorted()[rates.count / 2]
  }

  /// What the index says of itself.
  private func config(of segment: Segment) -> String {
    "R=\(segment.maximumDegree),\(segment.isFused ? "fused" : "compact"),"
      + "kernels=\(DistanceKernels.best.name)"
  }

  private struct Pass {
    var seconds = 0.0
    var latencies: [Double] = []
    var found = 0
    var evaluations = 0
    var hops = 0
  }

  private func pass(
    over segment: Segment, parameters: SearchParameters, counting: Bool
  ) throws -> Pass {
    let total = Mutex(Pass())
    let failure = Mutex<(any Error)?>(nil)
    let share = (queries.count + threadCount - 1) / threadCount
    let clock = ContinuousClock()
    let start = clock.now
    Workers(threadCount: threadCount).run(pieces: threadCount) { piece, _ in
      do {
        let range = min(queries.count, piece * share)..<min(queries.count, (piece + 1) * share)
        let part = try search(range, of: segment, parameters: parameters, counting: counting)
        total.withLock {
          $0.latencies += part.latencies
          $0.found += part.found
          $0.evaluations += part.evaluations
          $0.hops += part.hops
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    var pass = total.withLock { $0 }
    pass.seconds = (clock.now - start).inSeconds
    return pass
  }

  private func search(
    _ range: Range<Int>, of segment: Segment, parameters: SearchParameters, counting: Bool
  ) throws -> Pass {
    var pass = Pass()
    pass.latencies.reserveCapacity(range.count)
    let scratch = SearchScratch()
    let clock = ContinuousClock()
    var before = clock.now
    for index in range {
      try segment.search(queries.row(index), parameters: parameters, scratch: scratch)
      let after = clock.now
      pass.latencies.append((after - before).inSeconds)
      before = after
      guard counting else { continue }
      let nearest = Set(truth[index].prefix(k))
      pass.found += scratch.hits.count { nearest.contains(UInt32($0.recordID)) }
      pass.evaluations +=
        scratch.statistics.distanceEvaluationCount
        + scratch.statistics.exactDistanceEvaluationCount
      pass.hops += scratch.statistics.hopCount
      before = clock.now
    }
    return pass
  }
}
