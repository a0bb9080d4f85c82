internal import Platform
internal import Synchronization
internal import Vamana
internal import VectorMath

/// Fills an index, then lets a window slide over it: each round deletes and inserts a share.
struct UpdateBenchmark: Sendable {
  enum Order: String, CaseIterable, Sendable {
    /// The oldest records go first.
    case oldest
    /// Any record may go.
    case random
  }

  var vectors: UpdateVectors
  var metric: Metric
  /// Records in the window.
  var count: Int
  var rounds: Int
  /// Records that are replaced each round.
  var stepCount: Int
  var batchCount: Int
  var order: Order
  var seed: UInt64
  var parameters: SearchParameters
  /// Threads that search during the writes.
  var searcherCount: Int
  /// Whether the last window is also built as one segment, for comparison.
  var rebuilds: Bool
  var configuration: VectorIndexConfiguration

  /// Seconds that the writer spent.
  private struct WriteTimes: Sendable {
    var insert = 0.0
    var delete = 0.0
    var flush = 0.0

    var total: Double { insert + delete + flush }

    static func += (left: inout WriteTimes, right: WriteTimes) {
      left.insert += right.insert
      left.delete += right.delete
      left.flush += right.flush
    }
  }

  /// - Parameter emit: called with each finished round, the first load as round 0.
  func run(emit: (UpdateRound) throws -> Void) throws -> UpdateSummary {
    let clock = UpdateWorkClock()
    let index: VectorIndex
    index = try VectorIndex(
      dimension: vectors.rows.dimension, metric: metric, configuration: configuration,
      observer: { clock.observe($0) })
    defer { index.close() }
    var random = RandomStream(seed: seed)
    var alive: [UInt64] = []
    var next: UInt64 = 0
    var total = WriteTimes()
    var recalls: [Double] = []
    for round in 0...rounds {
      var leaving: [UInt64] = []
      if round > 0 {
        if order == .random { alive.shuffle(using: &random) }
        leaving = Array(alive.prefix(stepCount))
        alive.removeFirst(leaving.count)
      }
      let coming = (0..<UInt64(round == 0 ? count : stepCount)).map { next + $0 }
      next += UInt64(coming.count)
      alive += coming
      let (times, latencies) = try write(leaving: leaving, coming: coming, to: index)
      if round > 0 { total += times }
      var measured = try search(index, alive: alive)
      measured.round = round
      measured.inserted = coming.count
      measured.deleted = leaving.count
      measured.insertsPerSecond = Double(coming.count) / times.insert
      measured.sustainedInsertsPerSecond = Double(coming.count) / times.total
      measured.deletesPerSecond = times.delete > 0 ? Double(leaving.count) / times.delete : 0
      measured.searchesDuringWrites = latencies.count
      if !latencies.isEmpty {
        measured.p99MicrosecondsDuringWrites = Latencies(latencies).p99Microseconds
      }
      recalls.append(measured.recall)
      try emit(measured)
    }
    return try summary(
      of: index, alive: alive, times: total, recalls: recalls, work: clock.totals)
  }

  private func summary(
    of index: VectorIndex, alive: [UInt64], times: WriteTimes, recalls: [Double],
    work: UpdateWorkClock.Totals
  ) throws -> UpdateSummary {
    let statistics = index.statistics
    let resident = ProcessMemory.residentBytes
    var rebuilt: UpdateRound?
    if rebuilds {
      try index.compact()
      rebuilt = try search(index, alive: alive)
    }
    return UpdateSummary(
      config:
        "tail=\(configuration.tailRowCountMax),fan_in=\(configuration.mergePolicy.fanIn),"
        + "dead_share=\(configuration.mergePolicy.deadShareMax),L=\(parameters.listSize.map(String.init) ?? "auto"),"
        + "k=\(parameters.k),order=\(order.rawValue),kernels=\(DistanceKernels.best.name)",
      rounds: rounds, recallFirst: recalls.first ?? 0, recallMin: recalls.min() ?? 0,
      recallRebuilt: rebuilt?.recall, qpsRebuilt: rebuilt?.qps,
      sustainedInsertsPerSecond: times.total > 0 ? Double(rounds * stepCount) / times.total : 0,
      writeAmplification: statistics.writeAmplification, insertSeconds: times.insert,
      deleteSeconds: times.delete, flushSeconds: times.flush,
      sealThreadSeconds: work.sealSeconds, mergeThreadSeconds: work.mergeSeconds,
      storeThreadSeconds: work.storeSeconds, seals: statistics.sealCount,
      merges: statistics.mergeCount, segmentsDropped: statistics.droppedSegmentCount,
      stalls: statistics.stallCount, residentBytes: resident)
  }

  /// Deletes and inserts, then waits until the background is done.
  private func write(
    leaving: [UInt64], coming: [UInt64], to index: VectorIndex
  ) throws -> (times: WriteTimes, latencies: [Double]) {
    let times = Mutex(WriteTimes())
    let latencies = try UpdateSearcher.run(
      threadCount: searcherCount, index: index, queries: vectors.queries, parameters: parameters
    ) {
      for start in stride(from: 0, to: coming.count, by: batchCount) {
        let end = min(coming.count, start + batchCount)
        let ids = Array(coming[start..<end])
        // Deletes go along with the inserts, so that the window keeps its size.
        let gone =
          leaving[leaving.count * start / coming.count..<leaving.count * end / coming.count]
        let rows = vectors.gather(ids)
        let began = ContinuousClock.now
        if !gone.isEmpty { try index.delete(Array(gone)) }
        let deleted = ContinuousClock.now
        try rows.withRows(0..<ids.count) { try index.insert($0, recordIDs: ids) }
        let inserted = ContinuousClock.now
        times.withLock {
          $0.delete += (deleted - began).inSeconds
          $0.insert += (inserted - deleted).inSeconds
        }
      }
      let began = ContinuousClock.now
      try index.flush()
      let seconds = (ContinuousClock.now - began).inSeconds
      times.withLock { $0.flush += seconds }
    }
    return (times.withLock { $0 }, latencies)
  }

  /// Asks every query, and compares with exact search over the records alive.
  private func search(_ index: VectorIndex, alive: [UInt64]) throws -> UpdateRound {
    let window = vectors.gather(alive)
    let truth = withExtendedLifetime((window, vectors)) {
      ExactNeighbors.find(
        base: window.baseAddress, baseCount: window.count,
        queries: vectors.queries.baseAddress, queryCount: vectors.queries.count,
        dimension: window.dimension, metric: metric, k: parameters.k,
        threadCount: configuration.vamana.threadCount)
    }
    let scratch = VectorIndexScratch()
    var latencies: [Double] = []
    var found = 0
    var wanted = 0
    for query in 0..<vectors.queries.count {
      let began = ContinuousClock.now
      try index.search(vectors.queries.row(query), parameters: parameters, scratch: scratch)
      latencies.append((ContinuousClock.now - began).inSeconds)
      // A row that came round twice is as near under either number.
      let nearest = Set(truth[query].map { vectors.row(of: alive[Int($0)]) })
      found += scratch.hits.count { nearest.contains(vectors.row(of: $0.recordID)) }
      wanted += truth[query].count
    }
    let seconds = latencies.reduce(0, +)
    let times = Latencies(latencies)
    let statistics = index.statistics
    return UpdateRound(
      round: 0, count: statistics.count, inserted: 0, deleted: 0,
      recall: wanted == 0 ? 1 : Double(found) / Double(wanted),
      qps: Double(latencies.count) / seconds,
      p50Microseconds: times.p50Microseconds, p99Microseconds: times.p99Microseconds,
      insertsPerSecond: 0, sustainedInsertsPerSecond: 0, deletesPerSecond: 0,
      segments: statistics.segmentCount, tailRows: statistics.tailRowCount,
      deadShare: statistics.deadShare,
      writeAmplification: statistics.writeAmplification, searchesDuringWrites: 0,
      p99MicrosecondsDuringWrites: 0)
  }
}
