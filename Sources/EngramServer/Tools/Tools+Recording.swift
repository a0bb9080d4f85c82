internal import Engram
internal import Episodes

extension Tools {
  static let startEpisode = Tool(
    "start_episode", title: "Start an episode",
    summary:
      "Use when you begin a task: records it, and returns the id for log_steps and complete_episode.",
    input: TaskArguments.fields,
    output: .init("a started episode", [.required("episode", EpisodeSummary.shape)]), hints: .adds
  ) { (input: TaskArguments, call: ToolCall) async throws -> [String: EpisodeSummary] in
    let memory = try await call.memoryWithModel()
    return ["episode": EpisodeSummary(try await memory.startEpisode(input.task))]
  }

  static let logSteps = Tool(
    "log_steps", title: "Log steps",
    summary: "Use while you work: adds what you did to an unfinished episode, all of it or none.",
    input: [
      .required("episodeID", .text, "The id that start_episode returned."),
      .required(
        "steps", .list(of: StepArguments.shape), "In their order; at most 1000 an episode."),
    ],
    output: .init(
      "logged steps",
      [
        .required("episodeID", .text),
        .required("numbers", .list(of: .whole), "The numbers that the steps got."),
      ]), hints: .adds
  ) { (input: LogInput, call: ToolCall) async throws -> LogOutput in
    guard !input.steps.isEmpty else {
      throw ValidationError(field: "steps", problem: "is empty", expected: "at least one step")
    }
    let memory = try await call.memory()
    let logged = try await memory.logSteps(input.steps.map(\.step), in: input.episodeID)
    return LogOutput(episodeID: input.episodeID, numbers: logged.map(\.number))
  }

  static let completeEpisode = Tool(
    "complete_episode", title: "Complete an episode",
    summary:
      "Use when a task has ended, well or badly: records the outcome, computes reward and reflection.",
    input: [
      .required("episodeID", .text, "The id of the unfinished episode."),
      .required("outcome", EpisodeShape.outcome, "How it ended."),
      .optional(
        "appliedPatterns", .list(of: EpisodeShape.appliedPattern),
        "Recommended patterns that you used, and whether that helped."),
    ],
    output: CompletionOutput.fields, hints: .adds
  ) { (input: CompleteInput, call: ToolCall) async throws -> CompletionOutput in
    let memory = try await call.memoryWithModel()
    var stepCount = 0
    if input.outcome.needsStepCount {
      stepCount = try await memory.episode(id: input.episodeID)?.steps.count ?? 0
    }
    return CompletionOutput(
      try await memory.completeEpisode(
        input.episodeID, outcome: input.outcome.outcome(stepCount: stepCount),
        appliedPatterns: input.appliedPatterns ?? []))
  }

  static let recordEpisode = Tool(
    "record_episode", title: "Record a whole episode",
    summary:
      "Use after a task that was not recorded while it was done: stores task, steps and outcome at once.",
    input: TaskArguments.fields,
    filters: [
      .required("outcome", EpisodeShape.outcome, "How it ended."),
      .optional("steps", .list(of: StepArguments.shape), "What was done, in its order."),
      .optional("startTime", .timestamp, "When it began; now by default."),
      .optional("endTime", .timestamp, "When it ended; now by default."),
    ],
    output: CompletionOutput.fields,
    hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: false)
  ) { (input: RecordInput, call: ToolCall) async throws -> CompletionOutput in
    let memory = try await call.memoryWithModel()
    let episode = try input.episode(now: memory.configuration.now())
    let summary = try await memory.importEpisodes([episode])
    if summary.forgotten > 0 {
      throw EngramError(
        code: .conflict,
        message: "id: '\(episode.id)' was forgotten before; expected another, or none")
    }
    if summary.added == 0, summary.sameContent == 0 {
      throw EngramError(
        code: .conflict,
        message: "id: '\(episode.id)' is taken; expected another, or none for a new one")
    }
    guard summary.sameContent > 0 else { return CompletionOutput(episode) }
    var stored = episode
    if let id = try await memory.idOfSameContent(as: episode),
      let twin = try await memory.episode(id: id)
    {
      stored = twin
    }
    var output = CompletionOutput(stored)
    output.note = "the same content is stored already, as this episode: nothing was added"
    return output
  }
}

private struct LogInput: Decodable {
  var episodeID: String
  var steps: [StepArguments]
}

private struct LogOutput: Encodable {
  var episodeID: String
  var numbers: [Int]
}

private struct CompleteInput: Decodable {
  var episodeID: String
  var outcome: OutcomeArguments
  var appliedPatterns: [AppliedPattern]?
}

private struct RecordInput: Decodable {
  var task: TaskArguments
  var outcome: OutcomeArguments
  var steps: [StepArguments]?
  var startTime: Timestamp?
  var endTime: Timestamp?

  private enum CodingKeys: String, CodingKey { case outcome, steps, startTime, endTime }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    task = try TaskArguments(from: decoder)
    outcome = try container.decode(OutcomeArguments.self, forKey: .outcome)
    steps = try container.decodeIfPresent([StepArguments].self, forKey: .steps)
    startTime = try container.decodeIfPresent(Timestamp.self, forKey: .startTime)
    endTime = try container.decodeIfPresent(Timestamp.self, forKey: .endTime)
  }

  /// The episode as if it had been recorded while it was done.
  func episode(now: Timestamp) throws -> Episode {
    let task = task.task
    let end = endTime ?? max(now, startTime ?? now)
    let start = startTime ?? min(now, end)
    var episode = Episode(
      id: task.id ?? Identifier.make(at: now), namespace: task.namespace, agentID: task.agentID,
      sessionID: task.sessionID, taskType: task.type, taskDescription: task.description,
      context: task.context, startTime: start, endTime: end,
      steps: (steps ?? []).enumerated().map { $1.step(number: $0 + 1, at: end) },
      outcome: outcome.outcome(stepCount: steps?.count ?? 0), tags: task.tags,
      metadata: task.metadata)
    try episode.validate()
    episode.reward = RewardFormula.reward(for: episode)
    episode.reflection = ReflectionRules.reflection(on: episode, at: end)
    episode.salientFeatures = SalientFeatures.features(of: episode)
    return episode
  }
}
