internal import DurableStore
internal import Episodes
internal import Platform

/// Measures the durable store alone: without embeddings, cache and index.
struct StoreBenchmark {
  let store: DurableStore
  let workload: StoreWorkload
  /// Episodes that the queries run on.
  let count: Int
  let batchSize: Int
  /// Operations of a round.
  let operations: Int
  let rounds: Int
  let tasks: Int
  private let clock = ContinuousClock()

  init(
    store: DurableStore, workload: StoreWorkload, count: Int, batchSize: Int, operations: Int,
    rounds: Int, tasks: Int
  ) {
    self.store = store
    self.workload = workload
    self.count = count
    self.batchSize = batchSize
    self.operations = operations
    self.rounds = rounds
    self.tasks = tasks
  }

  func run(_ report: (StoreMeasurement) throws -> Void) async throws -> StoreBenchmarkSummary {
    // A task fills one half; then two, of which one prepares its batch while the other is written.
    let half = (count + 1) / 2
    try report(try await fill(0..<half, tasks: 1))
    if half < count { try report(try await fill(half..<count, tasks: 2)) }
    var random = RandomStream(seed: workload.seed, stream: .max)
    let last = count
    try report(
      try await measure("get by id") { _ in
        _ = try await store.episode(id: StoreWorkload.id(random.nextIndex(below: last)))
      })
    for (name, filter) in queries() {
      try report(
        try await measure(name) { number in
          _ = try await store.episodes(matching: filter(number), limit: 10)
        })
    }
    try report(
      try await measure("near a place") { number in
        _ = try await store.episodes(
          near: Location(
            latitude: Double(number * 7 % 120) - 60, longitude: Double(number * 13 % 360) - 180),
          radiusMeters: 100_000, limit: 10)
      })
    var next = count
    try report(
      try await measure("insert") { _ in
        try await store.insert([NewEpisode(workload.episode(next))])
        next += 1
      })
    try report(try await insertTogether(from: &next))
    let statistics = try await store.statistics()
    let writer = statistics.statements.writer ?? WriterStatistics()
    return StoreBenchmarkSummary(
      episodes: next, bytes: statistics.byteCount,
      statementCacheHitRate: statistics.statements.statementCacheHitRate,
      writesATransaction: Double(writer.writeCount) / Double(max(1, writer.transactionCount)))
  }

  private func queries() -> [(String, (Int) -> EpisodeFilter)] {
    [
      ("domain", { EpisodeFilter(domain: StoreWorkload.domain($0 % StoreWorkload.domainCount)) }),
      (
        "domain, outcome, language",
        {
          EpisodeFilter(
            domain: StoreWorkload.domain($0 % StoreWorkload.domainCount), outcome: .failure,
            language: "swift")
        }
      ),
      (
        "tag",
        {
          EpisodeFilter(
            tagsAll: [StoreWorkload.tag($0 % StoreWorkload.tagCount)].compactMap { $0 })
        }
      ),
      (
        "time range",
        { number in
          let start = workload.episode(number * 37 % max(1, count)).startTime
          return EpisodeFilter(
            since: start,
            until: Timestamp(
              nanosecondsSince1970: start.nanosecondsSince1970 + 3_600_000_000_000))
        }
      ),
      (
        "metadata",
        { EpisodeFilter(metadata: .atLeast(key: "priority", .number(Double($0 % 5)))) }
      ),
      (
        "box and time",
        { number in
          let south = Double(number * 7 % 120) - 60
          let west = Double(number * 13 % 350) - 180
          return EpisodeFilter(
            since: workload.episode(0).startTime,
            place: .box(GeographicBox(south: south, west: west, north: south + 2, east: west + 2)))
        }
      ),
    ]
  }

  /// Fills the store with the batches of `numbers`, `tasks` of them at once, and measures that.
  ///
  /// Episodes are made before the clock starts, some batches at a time.
  private func fill(_ numbers: Range<Int>, tasks: Int) async throws -> StoreMeasurement {
    var times: [Double] = []
    var seconds = 0.0
    var bestRate = 0.0
    var start = numbers.lowerBound
    while start < numbers.upperBound {
      let end = min(numbers.upperBound, start + Self.batchesMadeAhead * batchSize)
      let batches = stride(from: start, to: end, by: batchSize).map { first in
        (first..<min(first + batchSize, end)).map { NewEpisode(workload.episode($0)) }
      }
      let began = clock.now
      times += try await insert(batches, tasks: tasks)
      let elapsed = (clock.now - began).inSeconds
      seconds += elapsed
      bestRate = max(bestRate, Double(end - start) / elapsed)
      start = end
    }
    let latencies = Latencies(times)
    return StoreMeasurement(
      operation: tasks == 1
        ? "insert batches of \(batchSize)" : "batches, \(tasks) tasks",
      episodes: numbers.upperBound, count: numbers.count,
      perSecond: Double(numbers.count) / seconds, p50Microseconds: latencies.p50Microseconds,
      p99Microseconds: latencies.p99Microseconds,
      bestP50Microseconds: Double(min(batchSize, numbers.count)) / bestRate * 1e6)
  }

  private static let batchesMadeAhead = 8

  /// Inserts batches, each task the next that is left, and returns the seconds of each.
  private func insert(_ batches: [[NewEpisode]], tasks: Int) async throws -> [Double] {
    try await withThrowingTaskGroup(of: Double.self) { group in
      var left = batches[...]
      func addNext() {
        guard let batch = left.popFirst() else { return }
        group.addTask {
          let began = clock.now
          try await store.insert(batch)
          return (clock.now - began).inSeconds
        }
      }
      for _ in 0..<tasks { addNext() }
      var times: [Double] = []
      while let seconds = try await group.next() {
        times.append(seconds)
        addNext()
      }
      return times
    }
  }

  private func measure(
    _ operation: String, _ body: (Int) async throws -> Void
  ) async throws -> StoreMeasurement {
    var all: [Double] = []
    var bestRate = 0.0
    var bestP50 = Double.infinity
    for round in 0...rounds {
      // The first round warms up.
      let isWarmUp = round == 0
      var times: [Double] = []
      let roundStart = clock.now
      for index in 0..<(isWarmUp ? max(1, operations / 5) : operations) {
        let start = clock.now
        try await body(round * operations + index)
        times.append((clock.now - start).inSeconds)
      }
      if isWarmUp { continue }
      bestRate = max(bestRate, Double(times.count) / (clock.now - roundStart).inSeconds)
      bestP50 = min(bestP50, Latencies(times).p50Microseconds)
      all += times
    }
    let latencies = Latencies(all)
    return StoreMeasurement(
      operation: operation, episodes: count, count: all.count, perSecond: bestRate,
      p50Microseconds: latencies.p50Microseconds, p99Microseconds: latencies.p99Microseconds,
      bestP50Microseconds: bestP50)
  }

  /// Single inserts of several tasks at once, which share transactions.
  private func insertTogether(from next: inout Int) async throws -> StoreMeasurement {
    var all: [Double] = []
    var bestRate = 0.0
    var bestP50 = Double.infinity
    for _ in 0..<max(1, rounds) {
      let first = next
      let share = max(1, operations / tasks)
      let start = clock.now
      let times = try await withThrowingTaskGroup(of: [Double].self) { group in
        for task in 0..<tasks {
          group.addTask {
            try await insertOneByOne(first + task * share..<first + (task + 1) * share)
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      next += tasks * share
      bestRate = max(bestRate, Double(times.count) / (clock.now - start).inSeconds)
      bestP50 = min(bestP50, Latencies(times).p50Microseconds)
      all += times
    }
    let latencies = Latencies(all)
    return StoreMeasurement(
      operation: "insert, \(tasks) tasks", episodes: count, count: all.count, perSecond: bestRate,
      p50Microseconds: latencies.p50Microseconds, p99Microseconds: latencies.p99Microseconds,
      bestP50Microseconds: bestP50)
  }

  private func insertOneByOne(_ numbers: Range<Int>) async throws -> [Double] {
    var times: [Double] = []
    for number in numbers {
      let episode = NewEpisode(workload.episode(number))
      let start = clock.now
      try await store.insert([episode])
      times.append((clock.now - start).inSeconds)
    }
    return times
  }
}
