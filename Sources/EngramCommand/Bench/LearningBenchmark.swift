internal import Embedders
internal import Engram
internal import Episodes
internal import Platform

/// Fills a memory, and measures what it takes to start, log and complete episodes in it, and to learn from them.
struct LearningBenchmark: Sendable {
  var episodeCount: Int
  /// Episodes that are started and completed.
  var lifeCount: Int
  /// Episodes of an import that are stored at once.
  var batchCount: Int
  /// Whether their texts are embedded by the model; those that fill the memory never are.
  var usesModel: Bool
  var workload: SearchWorkload
  /// Where the memory is made.
  var folder: String

  /// - Parameter emit: called with each measurement as it is there.
  func run(emit: (SearchMeasurement) throws -> Void) async throws {
    var configuration = MemoryConfiguration(home: Home(path: folder))
    configuration.learning.isAutomatic = false
    configuration.sealing.isAutomatic = false
    let ownEmbedder = configuration.embedder
    configuration.embedder = { WordSumEmbedder(dimension: 384) }
    try await Memory.using(configuration) { try emit(try await imports($0)) }
    if usesModel { configuration.embedder = ownEmbedder }
    try await Memory.using(configuration) { memory in
      for measurement in try await lives(memory) { try emit(measurement) }
      try emit(try await learning(memory))
    }
  }

  private func imports(_ memory: Memory) async throws -> SearchMeasurement {
    var times: [Double] = []
    for start in stride(from: 0, to: episodeCount, by: batchCount) {
      let batch = (start..<min(episodeCount, start + batchCount)).map(episode)
      let begin = ContinuousClock.now
      _ = try await memory.importEpisodes(batch)
      times.append((ContinuousClock.now - begin).inSeconds)
    }
    return SearchMeasurement(name: "import, batches of \(batchCount)", times: times)
  }

  /// One that has ended, and so is learned from: a check, a failure, a way out of it.
  private func episode(_ number: Int) -> Episode {
    var episode = workload.episode(number)
    episode.steps = steps(of: episode).enumerated().map { index, step in
      ExecutionStep(
        number: index + 1, timestamp: episode.startTime, tool: step.tool, action: step.action,
        result: step.result)
    }
    episode.endTime = episode.startTime
    episode.outcome = .success(verdict: "done", artifacts: [])
    return episode
  }

  private func steps(of episode: Episode) -> [NewStep] {
    guard let step = episode.steps.first else { return [] }
    let words = step.action.split(separator: " ").prefix(4).joined(separator: " ")
    return [
      NewStep(tool: step.tool, action: "check \(words)", result: .success(output: "ok")),
      NewStep(tool: "shell", action: step.action, result: .error(message: "failed at \(words)")),
      NewStep(tool: "edit", action: "mend \(words)", result: .success(output: "done")),
      NewStep(tool: "shell", action: step.action, result: step.result),
    ]
  }

  private func lives(_ memory: Memory) async throws -> [SearchMeasurement] {
    var starting: [Double] = []
    var logging: [Double] = []
    var completing: [Double] = []
    func timed<Value>(_ body: () async throws -> Value) async throws -> (Value, Double) {
      let begin = ContinuousClock.now
      let value = try await body()
      return (value, (ContinuousClock.now - begin).inSeconds)
    }
    for number in 0..<lifeCount {
      let model = workload.episode(episodeCount + number)
      let (started, time) = try await timed {
        try await memory.startEpisode(
          NewTask(
            model.taskDescription, context: model.context, namespace: model.namespace,
            sessionID: model.sessionID))
      }
      starting.append(time)
      for step in steps(of: model) {
        logging.append(try await timed { try await memory.logStep(step, in: started.id) }.1)
      }
      let (ended, end) = try await timed {
        try await memory.completeEpisode(
          started.id, outcome: .success(verdict: "done", artifacts: []))
      }
      completing.append(end)
      guard ended.reward != nil else { throw CommandFailure("an episode has no reward") }
    }
    // The first of all open files and read pages.
    let skipped = lifeCount / 10
    return [
      SearchMeasurement(name: "start", times: Array(starting.dropFirst(skipped))),
      SearchMeasurement(name: "log a step", times: Array(logging.dropFirst(4 * skipped))),
      SearchMeasurement(name: "complete", times: Array(completing.dropFirst(skipped))),
    ]
  }

  private func learning(_ memory: Memory) async throws -> SearchMeasurement {
    let begin = ContinuousClock.now
    let report = try await memory.learnPending()
    guard report.episodes == episodeCount + lifeCount else {
      throw CommandFailure(
        "\(report.episodes) episodes were learned from, of \(episodeCount + lifeCount)")
    }
    return SearchMeasurement(
      name: "learn (\(report.newPatterns) patterns)", count: report.episodes,
      seconds: (ContinuousClock.now - begin).inSeconds)
  }
}
