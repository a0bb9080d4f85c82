internal import Cache
internal import DurableStore
internal import Episodes
internal import Platform
internal import Sync

/// Fills a durable store, and measures how it gets to a cache.
struct SyncBenchmark: Sendable {
  var episodeCount: Int
  var stepCount: Int
  var dimension: Int
  /// Episodes that the cache holds at most.
  var cachedEpisodesMax: Int
  /// Changes of one incremental sync, and how many such syncs.
  var changeCount: Int
  var rounds: Int
  var seed: UInt64
  var configuration: SyncConfiguration
  /// Where store and caches are made.
  var folder: String

  /// - Parameter emit: called with each measurement as it is there.
  func run(emit: (SyncMeasurement) throws -> Void) async throws {
    let path = folder + "/store.db"
    let store = try await DurableStore.open(path: path)
    defer { store.close() }
    var workload = SyncWorkload(stepCount: stepCount, dimension: dimension, seed: seed)
    try emit(
      try await measure("fill store", count: episodeCount) {
        for start in stride(from: 0, to: episodeCount, by: 500) {
          try await store.insert(workload.episodes(start..<min(episodeCount, start + 500)))
        }
      })
    try await full("full sync, bounded cache", of: store, cached: cachedEpisodesMax, emit)
    try await full("full sync, all cached", of: store, cached: episodeCount, emit)

    // The caches of the last full sync go on: a bounded one, as memories have it.
    let rig = try BenchmarkCaches(folder: folder + "/bounded", cached: cachedEpisodesMax)
    defer { rig.close() }
    let connection = StoreConnection(path: path) {
      false
    } open: {
      store
    }
    let coordinator = SyncCoordinator(
      connection: connection,
      synchronizer: Synchronizer(
        connection: connection, records: rig.records, segments: rig.segments,
        configuration: configuration))
    try await coordinator.run(.startUp)
    try emit(try await incremental(store, coordinator, &workload))
    try emit(try await noNews(coordinator))
    var problems: [String] = []
    var validated = try await measure("validation", count: episodeCount) {
      problems = try await coordinator.synchronizer.validate().problems
    }
    validated.problems = problems.count
    try emit(validated)
    guard problems.isEmpty else {
      throw CommandFailure("the cache does not validate: \(problems.joined(separator: "; "))")
    }
  }

  private func full(
    _ name: String, of store: DurableStore, cached: Int, _ emit: (SyncMeasurement) throws -> Void
  ) async throws {
    let isBounded = cached == cachedEpisodesMax
    let rig = try BenchmarkCaches(
      folder: folder + (isBounded ? "/bounded" : "/all"), cached: cached)
    defer { rig.close() }
    let synchronizer = Synchronizer(
      store: store, records: rig.records, segments: rig.segments, configuration: configuration)
    let peak = PeakMemory()
    var measured = try await measure(name, count: episodeCount) {
      let report = try await synchronizer.run(.startUp)
      guard report.embeddingsWritten >= episodeCount else {
        throw CommandFailure("\(report.embeddingsWritten) of \(episodeCount) embeddings arrived")
      }
    }
    measured.anonymousBytesMax = peak.stop()
    measured.cacheBytes = try rig.records.statistics().usedBytes
    try emit(measured)
  }

  private func incremental(
    _ store: DurableStore, _ coordinator: SyncCoordinator, _ workload: inout SyncWorkload
  ) async throws -> SyncMeasurement {
    var seconds: [Double] = []
    var changes = 0
    // The first round warms the statements up.
    for round in 0...rounds {
      // An episode and its embedding are two changes.
      let first = episodeCount + round * changeCount
      try await store.insert(workload.episodes(first..<first + max(1, changeCount / 2)))
      let start = ContinuousClock.now
      let report = try await coordinator.run(.stale)
      if round > 0 {
        seconds.append((ContinuousClock.now - start).inSeconds)
        changes += report.changeCount
      }
    }
    var measured = SyncMeasurement(name: "incremental sync", count: changes)
    measured.setTimes(seconds)
    return measured
  }

  /// What a search pays to know that nobody wrote.
  private func noNews(_ coordinator: SyncCoordinator) async throws -> SyncMeasurement {
    try await Task.sleep(for: .milliseconds(100))
    var seconds: [Double] = []
    for round in 0..<11_000 {
      let start = ContinuousClock.now
      await coordinator.catchUp(waitSecondsMax: 2)
      if round >= 1000 { seconds.append((ContinuousClock.now - start).inSeconds) }
    }
    var measured = SyncMeasurement(name: "search without news", count: seconds.count)
    measured.setTimes(seconds)
    return measured
  }

  private func measure(
    _ name: String, count: Int, _ body: () async throws -> Void
  ) async throws -> SyncMeasurement {
    let start = ContinuousClock.now
    try await body()
    var measured = SyncMeasurement(name: name, count: count)
    measured.seconds = (ContinuousClock.now - start).inSeconds
    measured.perSecond = Double(count) / measured.seconds
    return measured
  }
}
