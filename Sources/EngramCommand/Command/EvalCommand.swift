internal import ArgumentParser
internal import Engram
internal import Foundation

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how good the answers are.",
    discussion: """
      EXAMPLES
        engram eval retrieval --queries datasets/queries.jsonl
      """,
    subcommands: [EvalRetrievalCommand.self])
}

struct EvalRetrievalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieval",
    abstract: "Ask questions whose answers are known.",
    discussion: """
      Reads one question a line: {"query": "...", "relevant": ["id", ...], "filter": {...}}. The filter \
      may be missing; it may name namespace, agentID, sessionID, domain, taskType, outcome, language, \
      framework, since, until, asOf, tag, tagsAny and tagsAll. Prints recall@1, @5 and @10, NDCG@10, the \
      mean reciprocal rank, and the time of a search without embedding the words.

      EXAMPLES
        engram eval retrieval --queries datasets/queries.jsonl
        engram eval retrieval --queries datasets/queries.jsonl --mode vector
        engram eval retrieval --episodes datasets/episodes.jsonl --queries datasets/queries.jsonl \
      --format json
      """)

  @Option(help: ArgumentHelp("The questions.", valueName: "file"))
  var queries: String

  @Option(
    help: ArgumentHelp(
      "Episodes to ask, in a memory of their own that is deleted afterwards. Default: the memory in "
        + "the home folder.", valueName: "file"))
  var episodes: String?

  @Option(help: "By what episodes are found: hybrid, vector or text.")
  var mode = RetrievalMode.hybrid

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let questions = try RetrievalQuestion.read(path: queries)
    let evaluation: RetrievalEvaluation
    if let episodes {
      evaluation = try await TemporaryMemory.with(episodesFrom: episodes) {
        try await RetrievalEvaluation.run(questions, mode: mode, on: $0)
      }
    } else {
      evaluation = try await global.withMemory(creating: false) {
        try await RetrievalEvaluation.run(questions, mode: mode, on: $0)
      }
    }
    if evaluation.missingCount > 0 {
      Terminal.writeLine(
        "engram: \(evaluation.missingCount) of the relevant episodes are not in the memory")
    }
    try global.output.print(evaluation) {
      String(
        format: """
          %d questions: recall@1 %.3f, recall@5 %.3f, recall@10 %.3f, NDCG@10 %.3f, MRR %.3f
          search without the embedding: p50 %.0f µs, p99 %.0f µs
          """, evaluation.queryCount, evaluation.recallAt1, evaluation.recallAt5,
        evaluation.recallAt10, evaluation.ndcgAt10, evaluation.meanReciprocalRank,
        evaluation.latencyMicrosecondsP50, evaluation.latencyMicrosecondsP99)
    }
  }
}

/// A memory that lasts as long as one evaluation.
private enum TemporaryMemory {
  static func with<Value>(
    episodesFrom path: String, _ body: (Memory) async throws -> Value
  ) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "engram-eval-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var configuration = MemoryConfiguration(home: Home(path: folder.path))
    // Neither its time nor what it finds belongs to the measurement.
    configuration.learning.isAutomatic = false
    return try await Memory.using(configuration) { memory in
      var reader = try EpisodeFileReader(path: path, startTime: .now)
      var batch = ImportBatch(memory: memory, policy: .keepStored, keepsCopies: true)
      while let line = try reader.next() {
        switch line {
        case .episode(_, let episode): try await batch.add(episode)
        case .record: break
        case .failure(let error):
          throw CommandFailure("\(path): \(error)", status: .badData)
        }
      }
      try await batch.flush()
      _ = try await memory.buildIndex()
      return try await body(memory)
    }
  }
}
