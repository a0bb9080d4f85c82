internal import ArgumentParser
internal import Engram
internal import Foundation

struct EvalRetrievalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieval",
    abstract: "Ask questions whose answers are known.",
    discussion: """
      Reads one question a line: {"query": "...", "relevant": ["id", ...], "filter": {...}}. The filter \
      may be missing; it may name namespace, agentID, sessionID, domain, taskType, outcome, language, \
      framework, since, until, asOf, isCurrent, isFinished, tag, tagsAny, tagsAll, metadata (values by key, or \
      conditions as 'engram search' takes them), near and within. A question without a namespace asks all of \
      them. Nothing of it counts as use, and --mode text needs no model. Prints recall@1, @5 and @10, NDCG@10, the \
      mean reciprocal rank, and the time of a search without embedding the words. With --format json a \
      line for each --mode.

      EXAMPLES
        engram eval retrieval --queries datasets/queries.jsonl
        engram eval retrieval --queries datasets/queries.jsonl --mode vector
        engram eval retrieval --episodes datasets/episodes.jsonl --queries datasets/queries.jsonl \
      --mode vector --mode text --mode hybrid --format json
        engram dataset build wordnet --limit 8000 --output wordnet
        engram eval retrieval --episodes wordnet/wordnet.episodes.jsonl \
      --vectors wordnet/wordnet.npy --queries wordnet/wordnet.questions.jsonl --limit 1000
      """)

  @Option(help: ArgumentHelp("The questions.", valueName: "file"))
  var queries: String

  @Option(
    help: ArgumentHelp(
      "Episodes to ask, in a memory of their own that is deleted afterwards. Default: the memory in "
        + "the home folder.", valueName: "file"))
  var episodes: String?

  @Option(
    help: ArgumentHelp(
      "With --episodes: a row for each of them, the embedding of its description, so that it is not made "
        + "again.", valueName: "file"))
  var vectors: String?

  @Option(
    help: ArgumentHelp(
      "The most questions to ask, taken evenly from the file. Default: all.", valueName: "count"))
  var limit: Int?

  @Option(
    help: "By what episodes are found: hybrid, vector or text; again for each of several.")
  var mode: [RetrievalMode] = [.hybrid]

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let limit, limit < 1 {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 or more")
    }
    if vectors != nil, episodes == nil {
      throw ArgumentParser.ValidationError("--vectors are those of --episodes, which is missing")
    }
  }

  func run() async throws {
    let questions = RetrievalQuestion.sample(
      try RetrievalQuestion.read(path: queries), countMax: limit ?? .max)
    if let episodes {
      try await EvaluationMemory.with(episodesFrom: episodes, vectorsFrom: vectors) {
        try await evaluate(questions, on: $0)
      }
    } else {
      try await global.withMemory(creating: false) { try await evaluate(questions, on: $0) }
    }
  }

  private func evaluate(_ questions: [RetrievalQuestion], on memory: Memory) async throws {
    let asked = try await RetrievalEvaluation.Asked(
      questions, of: memory, embedding: mode.contains { $0 != .text })
    if asked.missingCount > 0 {
      Terminal.writeLine(
        "engram: \(asked.missingCount) of the relevant episodes are not in the memory")
    }
    for mode in mode { try print(await RetrievalEvaluation.run(asked, mode: mode, on: memory)) }
  }

  private func print(_ evaluation: RetrievalEvaluation) throws {
    // A document by itself, or lines that belong together.
    if global.output.format == .json, mode.count > 1 {
      try StandardOutput.printLine(JSONOutput.line(evaluation))
      return
    }
    try global.output.print(evaluation) {
      let name = mode.count > 1 ? evaluation.mode.rawValue + ": " : ""
      return name
        + String(
          format: """
            %d questions: recall@1 %.3f, recall@5 %.3f, recall@10 %.3f, NDCG@10 %.3f, MRR %.3f
            search without the embedding: p50 %.0f µs, p99 %.0f µs
            """, evaluation.queryCount, evaluation.recallAt1, evaluation.recallAt5,
          evaluation.recallAt10, evaluation.ndcgAt10, evaluation.meanReciprocalRank,
          evaluation.latencyMicrosecondsP50, evaluation.latencyMicrosecondsP99)
    }
  }
}
