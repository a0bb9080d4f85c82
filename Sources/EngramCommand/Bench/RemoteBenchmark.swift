internal import DurableStore
internal import Episodes
internal import Platform
internal import RemoteStore
internal import Sync

/// Measures the client of a database elsewhere against a server of its own on this machine.
struct RemoteBenchmark: Sendable {
  var episodeCount: Int
  var stepCount: Int
  var dimension: Int
  /// Episodes that the bounded cache holds.
  var cachedEpisodesMax: Int
  var operations: Int
  var batchSize: Int
  var batchCount: Int
  /// Changes of one incremental sync, and how many such syncs.
  var changeCount: Int
  var rounds: Int
  var seed: UInt64
  /// Where the store and the caches are made.
  var folder: String

  /// - Parameter emit: called with each measurement as it is there.
  func run(emit: (RemoteMeasurement) throws -> Void) async throws {
    var server = try BenchmarkServer(folder: folder)
    let remote = try RemoteStoreConfiguration(url: DatabaseURL(server.url), token: .none)
    let probe = RemoteProbe(remote)
    defer { probe.close() }
    try await server.wait(for: probe)
    // Straight into the file, by now that of a memory that is open: what it finds when it opens it learns from.
    try await fill()
    let store = try await DurableStore.open(remote: remote)
    defer { store.close() }

    let roundTrip = try await measure("round trip", counting: probe.requestCount) { _ in
      try await probe.roundTrip()
    }
    try emit(roundTrip)
    func emitWithRatio(_ measured: RemoteMeasurement) throws {
      var measured = measured
      measured.ratio = measured.p50Microseconds / roundTrip.p50Microseconds
      try emit(measured)
    }
    try await probe.execute("CREATE TABLE benchmark_rows (id INTEGER PRIMARY KEY)")
    try emitWithRatio(
      try await measure("write of one row", counting: probe.requestCount) { _ in
        try await probe.execute("INSERT INTO benchmark_rows DEFAULT VALUES")
      })
    let workload = StoreWorkload(seed: seed, stepCount: stepCount)
    try emitWithRatio(try await inserts(store, workload))
    try emit(try await batches(store, workload))
    for (name, cached) in [
      ("full sync, bounded cache", cachedEpisodesMax), ("full sync, all cached", .max),
    ] {
      try emit(try await fullSync(name, store, cached: cached))
    }
    try emit(try await incrementalSyncs(store))
    server.stop()
  }

  /// Episodes that the inserts of the benchmark put beside those of the full syncs.
  private func fill() async throws {
    let store = try await DurableStore.open(path: BenchmarkServer.databasePath(in: folder))
    defer { store.close() }
    var workload = SyncWorkload(stepCount: stepCount, dimension: dimension, seed: seed)
    for start in stride(from: 0, to: episodeCount, by: 500) {
      try await store.insert(workload.episodes(start..<min(episodeCount, start + 500)))
    }
  }

  private func inserts(
    _ store: DurableStore, _ workload: StoreWorkload
  ) async throws -> RemoteMeasurement {
    try await measure("insert", counting: store.requestCount) { number in
      try await store.insert([NewEpisode(workload.episode(number))])
    }
  }

  private func batches(
    _ store: DurableStore, _ workload: StoreWorkload
  ) async throws -> RemoteMeasurement {
    var times: [Double] = []
    let first = operations + Self.warmUpCount
    let before = store.requestCount
    // The first batch warms up.
    for number in 0...batchCount {
      let start = first + number * batchSize
      let batch = (start..<start + batchSize).map { NewEpisode(workload.episode($0)) }
      let began = ContinuousClock.now
      try await store.insert(batch)
      if number > 0 { times.append((ContinuousClock.now - began).inSeconds) }
    }
    let count = store.requestCount - before
    var measured = RemoteMeasurement(
      name: "insert batches of \(batchSize)", count: batchCount * batchSize, times: times,
      requests: 0)
    measured.requestsEach = Double(count) / Double(batchCount + 1)
    return measured
  }

  private func fullSync(
    _ name: String, _ store: DurableStore, cached: Int
  ) async throws -> RemoteMeasurement {
    let isBounded = cached == cachedEpisodesMax
    let caches = try BenchmarkCaches(
      folder: folder + (isBounded ? "/bounded" : "/all"), cached: cached)
    defer { caches.close() }
    let synchronizer = Synchronizer(
      store: store, records: caches.records, segments: caches.segments)
    let before = store.requestCount
    let began = ContinuousClock.now
    let report = try await synchronizer.run(.startUp)
    let seconds = (ContinuousClock.now - began).inSeconds
    let count = store.requestCount - before
    guard report.embeddingsWritten >= episodeCount else {
      throw CommandFailure("\(report.embeddingsWritten) of \(episodeCount) embeddings arrived")
    }
    guard report.episodesWritten >= min(cached, episodeCount) else {
      throw CommandFailure("\(report.episodesWritten) of \(episodeCount) episodes arrived")
    }
    return RemoteMeasurement(name: name, count: episodeCount, times: [seconds], requests: count)
  }

  private func incrementalSyncs(_ store: DurableStore) async throws -> RemoteMeasurement {
    let caches = try BenchmarkCaches(folder: folder + "/bounded", cached: cachedEpisodesMax)
    defer { caches.close() }
    let synchronizer = Synchronizer(
      store: store, records: caches.records, segments: caches.segments)
    try await synchronizer.run(.stale)
    let writer = try await DurableStore.open(path: BenchmarkServer.databasePath(in: folder))
    defer { writer.close() }
    var workload = SyncWorkload(stepCount: stepCount, dimension: dimension, seed: seed &+ 1)
    var times: [Double] = []
    var requestCount = 0
    var changes = 0
    // The first round warms the statements up.
    for round in 0...rounds {
      // An episode and its embedding are two changes.
      let first = episodeCount + round * changeCount
      try await writer.insert(workload.episodes(first..<first + max(1, changeCount / 2)))
      let before = store.requestCount
      let began = ContinuousClock.now
      let report = try await synchronizer.run(.stale)
      if round == 0 { continue }
      times.append((ContinuousClock.now - began).inSeconds)
      requestCount += store.requestCount - before
      changes += report.changeCount
    }
    return RemoteMeasurement(
      name: "incremental sync", count: changes, times: times, requests: requestCount)
  }

  /// Operations before those that are measured.
  private static let warmUpCount = 50

  private func measure(
    _ name: String, counting requestCount: @autoclosure () -> Int,
    _ body: (Int) async throws -> Void
  ) async throws -> RemoteMeasurement {
    var times: [Double] = []
    let before = requestCount()
    for number in 0..<operations + Self.warmUpCount {
      let began = ContinuousClock.now
      try await body(number)
      if number >= Self.warmUpCount { times.append((ContinuousClock.now - began).inSeconds) }
    }
    let count = requestCount() - before
    var measured = RemoteMeasurement(name: name, times: times, requests: 0)
    measured.requestsEach = Double(count) / Double(operations + Self.warmUpCount)
    return measured
  }
}
