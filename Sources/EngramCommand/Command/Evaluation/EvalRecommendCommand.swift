internal import ArgumentParser
internal import Engram
internal import Episodes
internal import Foundation

struct EvalRecommendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Ask for patterns for tasks whose episodes are known.",
    discussion: """
      Reads the questions that 'engram eval retrieval' reads, and recommends patterns for each as for a task. A \
      pattern is right if one of the relevant episodes shows it. For the tasks of --off-topic, one a line, nothing \
      should be recommended. Nothing is remembered of it.

      EXAMPLES
        engram eval recommend --queries datasets/queries.jsonl
        engram eval recommend --episodes datasets/episodes.jsonl --queries datasets/queries.jsonl \
      --off-topic datasets/off-topic.txt
      """)

  @Option(help: ArgumentHelp("The questions.", valueName: "file"))
  var queries: String

  @Option(
    help: ArgumentHelp("Tasks that nothing in the memory is like, one a line.", valueName: "file"))
  var offTopic: String?

  @Option(
    help: ArgumentHelp(
      "Episodes to learn from, in a memory of their own that is deleted afterwards. Default: the memory in "
        + "the home folder.", valueName: "file"))
  var episodes: String?

  @Option(
    help: ArgumentHelp(
      "How like the task a pattern must be, 0 to 1. Default: as 'engram pattern recommend'.",
      valueName: "number"))
  var likenessMin: Double?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let likenessMin, !(0...1).contains(likenessMin) {
      throw ArgumentParser.ValidationError("--likeness-min is \(likenessMin); expected 0 to 1")
    }
  }

  func run() async throws {
    let questions = try RetrievalQuestion.read(path: queries)
    let others = try offTopic.map {
      try String(contentsOfFile: $0, encoding: .utf8).split(whereSeparator: \.isNewline)
        .map(String.init).filter { $0.contains { !$0.isWhitespace } }
    }
    let evaluation =
      if let episodes {
        try await EvaluationMemory.with(episodesFrom: episodes) { memory in
          try await memory.learnPending()
          return try await evaluate(questions, others ?? [], on: memory)
        }
      } else {
        try await global.withMemory(creating: false) { memory in
          try await PendingLearning.catchUp(memory)
          return try await evaluate(questions, others ?? [], on: memory)
        }
      }
    try global.output.print(evaluation) {
      String(
        format: """
          %d tasks: %.3f answered; of the patterns recommended %.3f are right, of the first ones %.3f
          %.3f of the tasks have a right one among 5
          %d tasks off topic: %.3f answered
          """, evaluation.taskCount, evaluation.answered, evaluation.precision,
        evaluation.precisionAt1, evaluation.hits, evaluation.offTopicCount,
        evaluation.offTopicAnswered)
    }
  }

  private func evaluate(
    _ questions: [RetrievalQuestion], _ others: [String], on memory: Memory
  ) async throws -> RecommendationEvaluation {
    try await RecommendationEvaluation.run(
      questions, offTopic: others,
      likenessMin: likenessMin ?? PatternLikeness.leastRecommended, on: memory)
  }
}
