internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  package static let getCheckpoint = Tool(
    "get_checkpoint", title: "Read a checkpoint", summary: "One checkpoint, with its episode.",
    input: [.required("checkpointID", .text, "The id of the checkpoint.")],
    output: .init("a checkpoint", [.required("checkpoint", EpisodeShape.checkpoint)]),
    hints: .reads
  ) { (input: CheckpointID, call: ToolCall) async throws -> [String: Checkpoint] in
    guard let found = try await call.memory().checkpoint(id: input.checkpointID) else {
      throw EngramError(
        code: .notFound, message: "checkpointID: there is no checkpoint '\(input.checkpointID)'")
    }
    return ["checkpoint": found]
  }

  package static let getRecommendation = Tool(
    "get_recommendation", title: "Read a recommendation",
    summary: "What was recommended for which task, and what using it did.",
    input: [.required("recommendationID", .text, "The id that a recommendation returned.")],
    output: .init(
      "a recommendation",
      [
        .required(
          "recommendation",
          .object(
            .init(
              "a recommendation",
              [
                .required("id", .text), .required("namespace", .text), .required("task", .text),
                .optional("context", EpisodeShape.context), .optional("episodeID", .text),
                .required("createdAt", .timestamp),
                .required(
                  "items",
                  .list(
                    of: .object(
                      .init(
                        "a recommended pattern",
                        [
                          .required("patternID", .text), .required("score", .number("")),
                          .optional(
                            "effect", .choice(AppliedPattern.Effect.allCases.map(\.rawValue)),
                            "Left out where nobody has said."),
                          .optional("effectAt", .timestamp),
                        ]))), "Best first."),
              ])))
      ]), hints: .reads
  ) { (input: RecommendationID, call: ToolCall) async throws -> [String: RecommendationRecord] in
    guard let found = try await call.memory().recommendation(id: input.recommendationID) else {
      throw EngramError(
        code: .notFound,
        message: "recommendationID: there is no recommendation '\(input.recommendationID)'")
    }
    return ["recommendation": found]
  }

  package static let explainPattern = Tool(
    "explain_pattern", title: "Explain a pattern",
    summary: "Why a pattern is believed, from which episodes, and how it does on a task.",
    input: [
      .required("patternID", .text, "The id of the pattern."),
      .optional("task", .words(EpisodeLimits.textCharactersMax), "A task, in words."),
      TaskArguments.context,
      .optional("limit", .count(1...500), "The most episodes to name; 10 by default."),
    ], output: ExplanationShape.fields, hints: .reads, needsModel: .when { $0.task != nil }
  ) { (input: ExplainInput, call: ToolCall) async throws -> PatternExplanation in
    if let task = input.task, !task.contains(where: { !$0.isWhitespace }) {
      throw ValidationError(
        field: "task", problem: "is empty", expected: "a task in words, or none")
    }
    return try await call.memory().explainPattern(
      id: input.patternID, question: input.task, context: input.context,
      evidenceMax: input.limit ?? 10)
  }
}
