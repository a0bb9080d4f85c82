internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  private static let forgotten = JSONShape.Fields(
    "what was forgotten, or would be",
    [
      .required(
        "removed",
        .object(
          .init(
            "counts of what went",
            [
              "episodes", "steps", "embeddings", "checkpoints", "relationships", "patterns",
              "heuristics",
            ].map { .required($0, .whole) }))),
      .required("ids", .list(of: .text), "The first of them, 100 at most."),
      .required("isErased", .flag, "Whether nothing of it can be read in the store's file."),
      .optional("problem", .text), .required("isDryRun", .flag),
    ])
  private static let everything = JSONShape.Field.optional(
    "all", .yes, "True, to say that a filter without a condition is meant.")

  package static let previewForgetting = Tool(
    "preview_forgetting", title: "Look at what a filter would forget",
    summary: "Which episodes meet a filter, and what would go with them; nothing is forgotten.",
    input: [everything], filters: FilterArguments.fields + FilterArguments.furtherFields,
    output: forgotten, hints: .reads
  ) { (input: MatchingInput, call: ToolCall) async throws -> ForgetReport in
    try await call.memory().forget(
      matching: try input.filter.filter(), includingAll: input.all ?? false, isDryRun: true)
  }

  package static let forgetMatching = Tool(
    "forget_matching", title: "Forget episodes by a filter",
    summary: "Takes every episode that meets a filter away for good; look at the preview first.",
    input: [confirm, everything], filters: FilterArguments.fields + FilterArguments.furtherFields,
    output: forgotten,
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true)
  ) { (input: MatchingInput, call: ToolCall) async throws -> ForgetReport in
    try await call.memory().forget(
      matching: try input.filter.filter(), includingAll: input.all ?? false)
  }

  package static let readmit = Tool(
    "readmit", title: "Let forgotten ids come back",
    summary:
      "Lets episodes with forgotten ids be stored again; what was forgotten does not come back by it.",
    input: [
      .required("episodeIDs", .items(.text, 1...ForgetInput.idsMax), "At most 1000.")
    ],
    output: .init(
      "readmitted ids", [.required("readmitted", .whole, "How many were forgotten before.")]),
    hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: true)
  ) { (input: EpisodeIDs, call: ToolCall) async throws -> [String: Int] in
    ["readmitted": try await call.memory().readmit(ids: input.episodeIDs)]
  }
}
