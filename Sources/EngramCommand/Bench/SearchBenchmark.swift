internal import Embedders
internal import Engram
internal import Episodes
internal import Platform

/// Fills a memory, and measures what a search of it takes without the embedding.
struct SearchBenchmark: Sendable {
  var episodeCount: Int
  var searchCount: Int
  var dimension: Int
  var limit: Int
  /// Episodes that the cache holds at most.
  var cachedEpisodesMax: Int
  var workload: SearchWorkload
  /// Where the memory is made.
  var folder: String

  /// - Parameter emit: called with each measurement as it is there.
  func run(emit: (SearchMeasurement) throws -> Void) async throws {
    let dimension = dimension
    var configuration = MemoryConfiguration(
      home: Home(path: folder), embedder: { WordSumEmbedder(dimension: dimension) },
      cachedEpisodesMax: cachedEpisodesMax)
    configuration.learning.isAutomatic = false
    configuration.sealing.isAutomatic = false
    var memory = try await Memory.open(configuration)
    try emit(
      try await once("import", count: episodeCount) {
        for start in stride(from: 0, to: episodeCount, by: 1000) {
          let numbers = start..<min(episodeCount, start + 1000)
          _ = try await memory.importEpisodes(numbers.map(workload.episode))
        }
      })
    try emit(
      try await once("index build", count: episodeCount) { _ = try await memory.buildIndex() })
    let questions = (0..<searchCount).map { workload.question($0, episodeCount: episodeCount) }
    var vectors: [[Float]] = []
    for question in questions { vectors.append(try await memory.embed(question)) }
    try emit(
      try await once("first search by words", count: 1) {
        _ = try await memory.search(SearchRequest(questions[0], mode: .text), vector: vectors[0])
      })
    await memory.close()
    memory = try await Memory.open(configuration)
    try emit(
      try await once("first search after opening", count: 1) {
        _ = try await memory.search(SearchRequest(questions[0]), vector: vectors[0])
      })
    for mode in RetrievalMode.allCases {
      try emit(
        try await searches(mode.rawValue, questions, vectors, memory) { question, _ in
          SearchRequest(question, limit: limit, mode: mode)
        })
    }
    try emit(
      try await searches("hybrid, one namespace of ten", questions, vectors, memory) {
        question, number in
        SearchRequest(
          question, limit: limit, filter: EpisodeFilter(namespace: "space-\(number % 10)"))
      })
    try emit(try await afterWrites(questions, vectors, memory))
    await memory.close()
  }

  private func searches(
    _ name: String, _ questions: [String], _ vectors: [[Float]], _ memory: Memory,
    _ request: (String, Int) -> SearchRequest
  ) async throws -> SearchMeasurement {
    var times: [Double] = []
    for (number, (question, vector)) in zip(questions, vectors).enumerated() {
      let request = request(question, number)
      let start = ContinuousClock.now
      let hits = try await memory.search(request, vector: vector)
      // The first of all read what the others use.
      if number >= questions.count / 10 { times.append((ContinuousClock.now - start).inSeconds) }
      guard request.mode == .text || hits.count == min(limit, episodeCount) else {
        throw CommandFailure("a search found \(hits.count) episodes of \(limit)")
      }
    }
    return SearchMeasurement(name: name, times: times)
  }

  /// Searches that each follow a write, which they must find.
  private func afterWrites(
    _ questions: [String], _ vectors: [[Float]], _ memory: Memory
  ) async throws -> SearchMeasurement {
    var times: [Double] = []
    for (number, (question, vector)) in zip(questions, vectors).prefix(200).enumerated() {
      let id = try await memory.startEpisode(NewTask(question)).id
      let start = ContinuousClock.now
      let hits = try await memory.search(SearchRequest(question, limit: limit), vector: vector)
      if number >= 10 { times.append((ContinuousClock.now - start).inSeconds) }
      guard hits.contains(where: { $0.episode.id == id }) else {
        throw CommandFailure("a search right after a write did not find it")
      }
    }
    return SearchMeasurement(name: "hybrid, after a write", times: times.isEmpty ? [0] : times)
  }

  private func once(
    _ name: String, count: Int, _ body: () async throws -> Void
  ) async throws -> SearchMeasurement {
    let start = ContinuousClock.now
    try await body()
    return SearchMeasurement(
      name: name, count: count, seconds: (ContinuousClock.now - start).inSeconds)
  }
}
