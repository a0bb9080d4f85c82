internal import Cache
internal import Episodes
internal import Foundation
internal import Platform
internal import Synchronization

/// Measures the cache of records alone: reads, writes, eviction, sweeps, space.
struct CacheBenchmark {
  var episodes: [Episode]
  /// Operations of a pass.
  var operationCount: Int
  /// Timed passes; one more warms up.
  var passCount: Int
  var batchCount: Int
  /// Inserts of the test of space, and the bound that they are under.
  var insertCount: Int
  var boundCount: Int
  var compression: CacheCompression
  /// A folder for the caches, removed afterwards.
  var folder: String

  func run(
    emit: (CacheMeasurement) throws -> Void, emitSpace: (CacheSpace) throws -> Void
  ) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var plainBytes = 0
    for setting in [nil, compression] {
      let config = Self.name(setting)
      let cache = try open(
        "read-\(config)",
        RecordCacheConfiguration(
          episodesMax: episodes.count, episodeBytesMax: .max, compression: setting))
      try fill(cache)
      let statistics = try cache.statistics()
      if setting == nil { plainBytes = statistics.episodeBytes }
      try emitSpace(
        CacheSpace(
          operation: "compression", config: config, episodes: statistics.episodeCount,
          inserts: episodes.count, valueBytes: statistics.episodeBytes,
          usedBytes: statistics.usedBytes, fileBytes: statistics.fileBytes,
          savedShare: setting.map { _ in
            1 - Double(statistics.episodeBytes) / Double(max(1, plainBytes))
          }))
      try reads(cache, config: config, emit)
      try writes(config: config, setting, emit)
    }
    try eviction(emit)
    try sweep(emit)
    if insertCount > 0 { try emitSpace(churn()) }
  }

  private static func name(_ compression: CacheCompression?) -> String {
    compression.map { "zstd-\($0.level)" } ?? "plain"
  }

  private func open(
    _ name: String, _ configuration: RecordCacheConfiguration
  ) throws -> RecordCache {
    try RecordCache.open(at: folder + "/" + name, configuration: configuration)
  }

  private func fill(_ cache: RecordCache) throws {
    for start in stride(from: 0, to: episodes.count, by: batchCount) {
      var batch = CacheBatch()
      batch.episodes = Array(episodes[start..<min(episodes.count, start + batchCount)])
      try cache.apply(batch)
    }
  }

  /// Reads of those episodes that have 5 steps, or of all if there are none.
  private func reads(
    _ cache: RecordCache, config: String, _ emit: (CacheMeasurement) throws -> Void
  ) throws {
    var ids = episodes.filter { $0.steps.count == 5 }.map(\.id)
    if ids.isEmpty { ids = episodes.map(\.id) }
    var sum = 0
    try emit(
      measure("read_raw", config: config) { number in
        sum &+= try cache.withEpisodeBytes(id: ids[number % ids.count]) { $0.count } ?? 0
      })
    try emit(
      measure("read_decoded", config: config) { number in
        sum &+= try cache.episode(id: ids[number % ids.count])?.steps.count ?? 0
      })
    guard sum > 0 else { throw CommandFailure("the cache lost what was written to it") }
  }

  private func writes(
    config: String, _ setting: CacheCompression?, _ emit: (CacheMeasurement) throws -> Void
  ) throws {
    let cache = try open(
      "write-\(config)",
      RecordCacheConfiguration(episodesMax: episodes.count, compression: setting))
    try fill(cache)
    let singles = episodes.map { episode in
      var batch = CacheBatch()
      batch.episodes = [episode]
      return batch
    }
    try emit(
      measure("write", config: config, operationCount: min(operationCount, 5000)) { number in
        try cache.apply(singles[number % singles.count])
      })
    let batches = stride(from: 0, to: episodes.count - batchCount + 1, by: batchCount).map {
      var batch = CacheBatch()
      batch.episodes = Array(episodes[$0..<$0 + batchCount])
      return batch
    }
    guard !batches.isEmpty else { return }
    try emit(
      measure(
        "write_batch", config: config, batch: batchCount,
        operationCount: max(1, min(operationCount, 20_000) / batchCount)
      ) { number in try cache.apply(batches[number % batches.count]) })
  }

  /// Writes of a new episode each into a full cache, so that each evicts one.
  private func eviction(_ emit: (CacheMeasurement) throws -> Void) throws {
    let cache = try open(
      "eviction", RecordCacheConfiguration(episodesMax: max(1, episodes.count / 2)))
    try fill(cache)
    var next = 0
    let before = try cache.statistics().evictions
    let measured = try measure(
      "write_evicting", config: "plain", operationCount: min(operationCount, 5000)
    ) { number in
      next += 1
      var batch = CacheBatch()
      var episode = episodes[number % episodes.count]
      episode.id = "new-\(next)"
      batch.episodes = [episode]
      try cache.apply(batch)
    }
    guard try cache.statistics().evictions - before == next else {
      throw CommandFailure("not every write evicted an episode")
    }
    try emit(measured)
  }

  /// Sweeps that drop as many expired episodes as a batch has.
  private func sweep(_ emit: (CacheMeasurement) throws -> Void) throws {
    let seconds = Atomic<Int64>(0)
    let cache = try open(
      "sweep",
      RecordCacheConfiguration(
        episodesMax: episodes.count, timeToLiveSeconds: 10,
        now: {
          Timestamp(nanosecondsSince1970: seconds.load(ordering: .relaxed) * 1_000_000_000)
        }))
    var latencies: [Double] = []
    let clock = ContinuousClock()
    for _ in 0..<max(3, passCount * 3) {
      var batch = CacheBatch()
      batch.episodes = Array(episodes.prefix(batchCount))
      try cache.apply(batch)
      seconds.wrappingAdd(11, ordering: .relaxed)
      let start = clock.now
      let dropped = try cache.sweep().expiredCount
      latencies.append((clock.now - start).inSeconds)
      guard dropped == batch.episodes.count else {
        throw CommandFailure("a sweep dropped \(dropped) of \(batch.episodes.count) episodes")
      }
    }
    let times = Latencies(latencies)
    try emit(
      CacheMeasurement(
        operation: "sweep_expired", config: "plain", batch: min(batchCount, episodes.count),
        operations: latencies.count, p50Microseconds: times.p50Microseconds,
        p99Microseconds: times.p99Microseconds,
        recordsPerSecond: Double(min(batchCount, episodes.count)) * 1e6 / times.p50Microseconds))
  }

  /// Many more inserts than the bound allows: what the file grows to.
  private func churn() throws -> CacheSpace {
    let cache = try open("churn", RecordCacheConfiguration(episodesMax: boundCount))
    var done = 0
    while done < insertCount {
      var batch = CacheBatch()
      for number in done..<min(insertCount, done + batchCount) {
        var episode = episodes[number % episodes.count]
        // Ids as they are made grow with time.
        episode.id = "e" + String(1_000_000_000 + number)
        batch.episodes.append(episode)
      }
      try cache.apply(batch)
      done += batch.episodes.count
    }
    let statistics = try cache.statistics()
    return CacheSpace(
      operation: "churn", config: "plain", episodes: statistics.episodeCount, inserts: done,
      valueBytes: statistics.episodeBytes, usedBytes: statistics.usedBytes,
      fileBytes: statistics.fileBytes, savedShare: nil)
  }

  private func measure(
    _ operation: String, config: String, batch: Int = 1, operationCount: Int? = nil,
    _ body: (Int) throws -> Void
  ) throws -> CacheMeasurement {
    let count = max(1, operationCount ?? self.operationCount)
    let clock = ContinuousClock()
    var best: CacheMeasurement?
    for pass in 0...passCount {
      var latencies: [Double] = []
      latencies.reserveCapacity(count)
      for number in 0..<count {
        let start = clock.now
        try body(number)
        latencies.append((clock.now - start).inSeconds)
      }
      // Reading the clock takes a good part of the time of a raw read, so the rate is timed apart.
      let start = clock.now
      for number in 0..<count { try body(number) }
      let seconds = (clock.now - start).inSeconds
      guard pass > 0 else { continue }
      let times = Latencies(latencies)
      let measured = CacheMeasurement(
        operation: operation, config: config, batch: batch, operations: count,
        p50Microseconds: times.p50Microseconds, p99Microseconds: times.p99Microseconds,
        recordsPerSecond: Double(count * batch) / seconds)
      if best.map({ $0.recordsPerSecond < measured.recordsPerSecond }) ?? true { best = measured }
    }
    guard let best else { throw CommandFailure("no pass was timed") }
    return best
  }
}
