internal import Platform
internal import Vamana
internal import VectorMath

/// Measures recall, speed and memory of an index that stays on disk, with one thread.
struct DiskBenchmark {
  var indexPath: String
  var queries: VectorMatrix
  /// The true neighbours of each query, nearest first.
  var truth: [[UInt32]]
  var k: Int
  var listSizes: [Int]
  /// Recalls for which the index is to choose the list size itself.
  var targetRecalls: [Double]
  var options = DiskSegmentOptions()
  /// How many queries are asked once more with nothing in the page cache.
  var coldQueryCount: Int

  /// Passes over all queries at each setting; the median is reported.
  private static let repeatCount = 3

  /// - Parameters:
  ///   - check: called with the index once it is open.
  ///   - emit: called with each finished measurement.
  func run(
    check: (DiskSegment) throws -> Void, emit: (DiskMeasurement) throws -> Void
  ) throws {
    let before = ProcessMemory.residentParts
    let clock = ContinuousClock()
    let start = clock.now
    let segment = try CommandFailure.naming("--index") {
      try BenchmarkIndex.naming(indexPath) {
        try DiskSegment(path: indexPath, options: options)
      }
    }
    let openSeconds = (clock.now - start).inSeconds
    try check(segment)
    let settings = ListSizeSetting.all(
      targetRecalls: targetRecalls, listSizes: listSizes, k: k, curve: segment.recallCurve)
    let scratch = SearchScratch()
    for setting in settings {
      var measurement = try measure(segment, listSize: setting.listSize, scratch: scratch)
      let after = ProcessMemory.residentParts
      measurement.targetRecall = setting.targetRecall
      measurement.openSeconds = openSeconds
      measurement.indexBytes = segment.byteCount
      measurement.vectorBytes = segment.count * segment.dimension * 4
      measurement.residentAnonymousBytes = max(0, after.anonymous - before.anonymous)
      measurement.residentFileBytes = max(0, after.file - before.file)
      measurement.residentShare =
        Double(measurement.residentAnonymousBytes + measurement.residentFileBytes)
        / Double(max(1, measurement.vectorBytes))
      try emit(measurement)
    }
  }

  private func measure(
    _ segment: DiskSegment, listSize: Int, scratch: SearchScratch
  ) throws -> DiskMeasurement {
    let parameters = SearchParameters(k: k, listSize: listSize)
    var cold: Timed?
    if PageCache.canDrop, coldQueryCount > 0 {
      let file = try InputFile(path: indexPath)
      cold = try pass(
        over: 0..<min(coldQueryCount, queries.count), of: segment, parameters: parameters,
        scratch: scratch, before: { try PageCache.drop(file) })
    }
    // The first pass warms up; the others are timed.
    _ = try pass(over: 0..<queries.count, of: segment, parameters: parameters, scratch: scratch)
    let passes = try (0..<Self.repeatCount).map { _ in
      try pass(over: 0..<queries.count, of: segment, parameters: parameters, scratch: scratch)
    }
    let times = Latencies(passes.flatMap(\.latencies))
    let rates = passes.map { Double($0.latencies.count) / $0.latencies.reduce(0, +) }.sorted()
    let wanted = truth.reduce(0) { $0 + min(k, $1.count) }
    let warm = passes[0]
    let queryCount = Double(max(1, queries.count))
    func mean(_ count: Int) -> Double { Double(count) / queryCount }
    let coldTimes = cold.map { Latencies($0.latencies) }
    return DiskMeasurement(
      config: "R=\(segment.maximumDegree),disk,kernels=\(DistanceKernels.best.name)",
      param: listSize,
      recall: wanted == 0 ? 1 : Double(warm.found) / Double(wanted),
      qps: rates[rates.count / 2],
      p50Microseconds: times.p50Microseconds, p99Microseconds: times.p99Microseconds,
      coldP50Microseconds: coldTimes?.p50Microseconds,
      coldP99Microseconds: coldTimes?.p99Microseconds,
      hops: mean(warm.statistics.hopCount), reads: mean(warm.statistics.readCount),
      readBytes: mean(warm.statistics.readByteCount),
      cachedRecords: mean(warm.statistics.cachedRecordCount),
      waitedReads: mean(warm.statistics.waitedReadCount),
      coldWaitedReads: cold.map {
        Double($0.statistics.waitedReadCount) / Double($0.latencies.count)
      })
  }

  private struct Timed {
    /// Seconds, in the order of the queries.
    var latencies: [Double] = []
    var found = 0
    var statistics = SearchStatistics()
  }

  private func pass(
    over range: Range<Int>, of segment: DiskSegment, parameters: SearchParameters,
    scratch: SearchScratch, before: () throws -> Void = {}
  ) throws -> Timed {
    var pass = Timed()
    pass.latencies.reserveCapacity(range.count)
    let clock = ContinuousClock()
    for index in range {
      try before()
      let start = clock.now
      try segment.search(queries.row(index), parameters: parameters, scratch: scratch)
      pass.latencies.append((clock.now - start).inSeconds)
      let nearest = truth[index].prefix(k)
      pass.found += scratch.hits.count { nearest.contains(UInt32(truncatingIfNeeded: $0.recordID)) }
      pass.statistics += scratch.statistics
    }
    return pass
  }
}
