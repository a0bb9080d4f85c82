internal import DurableStore
internal import Embedders
internal import Engram
internal import Episodes
internal import Platform

/// Fills a memory with patterns, and measures what it takes to be recommended some.
struct PatternBenchmark: Sendable {
  var patternCount: Int
  var requestCount: Int
  var workload: SearchWorkload
  /// Where the memory is made.
  var folder: String

  /// - Parameter emit: called with each measurement as it is there.
  func run(emit: (SearchMeasurement) throws -> Void) async throws {
    var configuration = MemoryConfiguration(home: Home(path: folder))
    configuration.learning.isAutomatic = false
    configuration.embedder = { WordSumEmbedder(dimension: 384) }
    try await Memory.using(configuration) { memory in
      try emit(try await imports(memory))
      // Embeds them.
      try emit(try await requests(0..<1, "first request, embedding all", memory))
    }
    try await Memory.using(configuration) { memory in
      try emit(try await requests(0..<1, "first request of a process", memory))
      try emit(try await requests(1..<requestCount, "recommend", memory))
      var times: [Double] = []
      for number in 0..<requestCount {
        _ = try await memory.importRecords([
          .pattern(pattern(patternCount + number), embeddings: [])
        ])
        let request = request(number)
        let begin = ContinuousClock.now
        _ = try await memory.recommend(request, remembering: false)
        times.append((ContinuousClock.now - begin).inSeconds)
      }
      try emit(SearchMeasurement(name: "recommend after a new pattern", times: times))
    }
  }

  private func imports(_ memory: Memory) async throws -> SearchMeasurement {
    let begin = ContinuousClock.now
    for start in stride(from: 0, to: patternCount, by: Self.batchCount) {
      let records = (start..<min(patternCount, start + Self.batchCount)).map {
        StoredRecord.pattern(pattern($0), embeddings: [])
      }
      _ = try await memory.importRecords(records)
    }
    return SearchMeasurement(
      name: "import patterns", count: patternCount,
      seconds: (ContinuousClock.now - begin).inSeconds)
  }

  private static let batchCount = 1000

  private func requests(
    _ numbers: Range<Int>, _ name: String, _ memory: Memory
  ) async throws -> SearchMeasurement {
    var times: [Double] = []
    for number in numbers {
      let request = request(number)
      let begin = ContinuousClock.now
      let found = try await memory.recommend(request, remembering: false)
      times.append((ContinuousClock.now - begin).inSeconds)
      guard !found.patterns.isEmpty else { throw CommandFailure("nothing was recommended") }
    }
    return SearchMeasurement(name: name, times: times)
  }

  private func request(_ number: Int) -> PatternRequest {
    var request = PatternRequest(words(of: number % patternCount))
    request.likenessMin = 0
    return request
  }

  private func words(of number: Int) -> String {
    workload.episode(number).taskDescription.split(separator: " ").prefix(12)
      .joined(separator: " ")
  }

  private func pattern(_ number: Int) -> Pattern {
    let model = workload.episode(number)
    return Pattern(
      id: "pattern-\(number)",
      kind: .decisionPoint(
        condition: "check \(words(of: number))", action: "go on",
        outcomeStatistics: OutcomeStatistics(successCount: 1, failureCount: 0)),
      context: model.context, successRate: 1, occurrenceCount: 1, evidence: [],
      createdAt: model.startTime, updatedAt: model.startTime)
  }
}
