internal import Engram
internal import Episodes

extension Tools {
  package static let startEpisode = Tool(
    "start_episode", title: "Start an episode",
    summary:
      "Use when you begin a task: records it, and returns the id for log_steps and complete_episode.",
    input: TaskArguments.fields,
    output: .init("a started episode", [.required("episode", EpisodeSummary.shape)]), hints: .adds,
    needsModel: .always
  ) { (input: TaskArguments, call: ToolCall) async throws -> [String: EpisodeSummary] in
    let memory = try await call.memory()
    return ["episode": EpisodeSummary(try await memory.startEpisode(input.task))]
  }

  package static let logSteps = Tool(
    "log_steps", title: "Log steps",
    summary: "Use while you work: adds what you did to an unfinished episode, all of it or none.",
    input: [
      .required("episodeID", .text, "The id that start_episode returned."),
      .required(
        "steps", .items(StepArguments.shape, 1...EpisodeLimits.stepsMax),
        "In their order; at most 1000 an episode."),
    ],
    output: .init(
      "logged steps",
      [
        .required("episodeID", .text),
        .required("numbers", .list(of: .whole), "The numbers that the steps got."),
      ]), hints: .adds
  ) { (input: LogInput, call: ToolCall) async throws -> LogOutput in
    let memory = try await call.memory()
    let logged = try await memory.logSteps(input.steps.map(\.step), in: input.episodeID)
    return LogOutput(episodeID: input.episodeID, numbers: logged.map(\.number))
  }

  package static let completeEpisode = Tool(
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
    output: CompletionOutput.fields, hints: .adds, needsModel: .always
  ) { (input: CompleteInput, call: ToolCall) async throws -> CompletionOutput in
    let memory = try await call.memory()
    var stepCount = 0
    if input.outcome.needsStepCount {
      stepCount = try await memory.episode(id: input.episodeID)?.steps.count ?? 0
    }
    return CompletionOutput(
      try await memory.completeEpisode(
        input.episodeID, outcome: input.outcome.outcome(stepCount: stepCount),
        appliedPatterns: input.appliedPatterns ?? []))
  }

  package static let recordEpisode = Tool(
    "record_episode", title: "Record a whole episode",
    summary:
      "Use after a task that was not recorded while it was done: stores task, steps and outcome at once.",
    input: TaskArguments.fields,
    filters: [
      .required("outcome", EpisodeShape.outcome, "How it ended."),
      .optional(
        "steps", .items(StepArguments.shape, 0...EpisodeLimits.stepsMax),
        "What was done, in its order."),
      .optional("startTime", .timestamp, "When it began; now by default."),
      .optional("endTime", .timestamp, "When it ended; now by default."),
    ],
    output: CompletionOutput.fields,
    hints: .adds, needsModel: .always
  ) { (input: RecordInput, call: ToolCall) async throws -> CompletionOutput in
    let memory = try await call.memory()
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
