internal import Engram
internal import Episodes

extension Tools {
  package static let recommend = Tool(
    "recommend", title: "Recommend patterns",
    summary:
      "Use before a task: recommends what worked in tasks like it; say with give_feedback whether it helped.",
    input: [
      .required("task", .words(EpisodeLimits.textCharactersMax), "The task, in words."),
      TaskArguments.context,
      .optional("namespace", .identifier, "Whose patterns; 'default' by default."),
      .optional("limit", .count(1...50), "The most patterns to return; 5 by default."),
      .optional("episodeID", .text, "The episode in which the task is done."),
      .optional("any", .flag, "Also what is little like the task."),
    ],
    output: .init(
      "recommended patterns",
      [
        .optional("recommendationID", .text, "For give_feedback; left out where nothing fits."),
        .required(
          "patterns", .list(of: PatternOutput.shape),
          "Best first; none where nothing known fits the task well."),
        .optional("note", .text), .optional("nearest", PatternOutput.shape),
      ]), hints: .adds, needsModel: .always
  ) { (input: RecommendInput, call: ToolCall) async throws -> RecommendOutput in
    let memory = try await call.memory()
    var request = PatternRequest(
      input.task, context: input.context, namespace: input.namespace ?? Episode.defaultNamespace,
      limit: input.limit ?? 5, episodeID: input.episodeID)
    if input.any ?? false { request.likenessMin = 0 }
    let found = try await memory.recommend(request)
    guard found.patterns.isEmpty else {
      return RecommendOutput(
        recommendationID: found.id, patterns: found.patterns.map(PatternOutput.init))
    }
    return RecommendOutput(
      patterns: [],
      note: found.nearest == nil
        ? "nothing has been learned yet"
        : "nothing known fits this task well; nearest is what comes closest, not to be relied on",
      nearest: found.nearest.map(PatternOutput.init))
  }

  package static let searchPatterns = Tool(
    "search_patterns", title: "Search patterns",
    summary:
      "Use to look up what has been learned (tool sequences, decisions, recoveries, approaches) by meaning.",
    input: [
      .required("query", .words(EpisodeLimits.textCharactersMax), "What to look for, in words."),
      TaskArguments.context,
      .optional(
        "kind", .choice(PatternKind.Name.allCases.map(\.rawValue)), "Only patterns of this kind."),
      .optional("namespace", .identifier, "Whose patterns; 'default' by default."),
      .optional("limit", .count(1...50), "The most patterns to return; 5 by default."),
      .optional(
        "fromOtherDomains", .flag,
        "Only patterns of other domains than the context's, which may carry over."),
    ],
    output: .init(
      "found patterns", [.required("patterns", .list(of: PatternOutput.shape), "Best first.")]),
    hints: .reads, needsModel: .always
  ) { (input: PatternInput, call: ToolCall) async throws -> [String: [PatternOutput]] in
    let memory = try await call.memory()
    let request = PatternRequest(
      input.query, context: input.context, namespace: input.namespace ?? Episode.defaultNamespace,
      kind: input.kind, limit: input.limit ?? 5)
    let found =
      input.fromOtherDomains ?? false
      ? try await memory.analogousPatterns(request) : try await memory.searchPatterns(request)
    return ["patterns": found.map(PatternOutput.init)]
  }

  package static let giveFeedback = Tool(
    "give_feedback", title: "Give feedback",
    summary:
      "Use after a task: says whether a recommended pattern helped, so that better ones are recommended.",
    input: [
      .required("recommendationID", .text, "The id that recommend or get_playbook returned."),
      .required("patternID", .text, "One of the recommended patterns."),
      .required(
        "effect", .choice(AppliedPattern.Effect.allCases.map(\.rawValue)), "What using it did."),
    ],
    output: .init(
      "counted feedback", [.required("patternID", .text), .required("effect", .text)]),
    hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: true)
  ) { (input: FeedbackInput, call: ToolCall) async throws -> [String: String] in
    let memory = try await call.memory()
    try await memory.recordFeedback(
      input.effect, on: input.patternID, in: input.recommendationID)
    return ["patternID": input.patternID, "effect": input.effect.rawValue]
  }

  package static let getPlaybook = Tool(
    "get_playbook", title: "Make a playbook",
    summary:
      "Use for a plan: ordered steps, pitfalls and the expected outcome, from what worked in tasks like it.",
    input: [
      .required("task", .words(EpisodeLimits.textCharactersMax), "The task, in words."),
      TaskArguments.context,
      .optional("namespace", .identifier, "Whose experience; 'default' by default."),
      .optional("episodeID", .text, "The episode in which the task is done."),
    ],
    output: .init(
      "a playbook",
      [
        .optional(
          "playbook", PatternOutput.playbook, "Left out when nothing known fits the task well."),
        .optional("note", .text),
      ]), hints: .adds, needsModel: .always
  ) { (input: RecommendInput, call: ToolCall) async throws -> PlaybookOutput in
    let memory = try await call.memory()
    let playbook = try await memory.playbook(
      PatternRequest(
        input.task, context: input.context, namespace: input.namespace ?? Episode.defaultNamespace,
        episodeID: input.episodeID))
    return PlaybookOutput(
      playbook: playbook, note: playbook == nil ? "nothing known fits this task well" : nil)
  }
}
