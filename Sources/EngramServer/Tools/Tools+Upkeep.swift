internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  package static let updateEpisode = Tool(
    "update_episode", title: "Update an episode",
    summary:
      "Use to correct or complete what an episode says of its task, or to say which one supersedes it.",
    input: [
      .required("episodeID", .text, "The id of the episode."),
      .optional(
        "taskDescription", .words(EpisodeLimits.textCharactersMax), "The task anew, in words."),
      .optional("taskType", .choice(TaskType.allCases.map(\.rawValue))),
      .optional("context", EpisodeShape.context, "The whole context anew."),
      .optional("tags", .list(of: .tag), "All tags anew."),
      .optional("metadata", .textMap, "Set beside what is there."),
      .optional("removedMetadata", .list(of: .text), "Keys that are taken away."),
      .optional("agentID", .identifier), .optional("sessionID", .identifier),
      .optional("validFrom", .timestamp, "Since when what it says holds."),
      .optional("validUntil", .timestamp, "Until when what it says holds."),
      .optional("supersededBy", .identifier, "The id of the episode that replaces it."),
    ],
    output: .init("an updated episode", [.required("episode", EpisodeSummary.shape)]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true),
    needsModel: .always
  ) { (input: UpdateInput, call: ToolCall) async throws -> [String: EpisodeSummary] in
    let memory = try await call.memory()
    var episode = try await call.existing(input.episodeID)
    let changes = try input.changes()
    guard !changes.isEmpty || input.supersededBy != nil else {
      throw ValidationError(
        field: "arguments", problem: "name nothing to change",
        expected: "a field beside episodeID")
    }
    if !changes.isEmpty { episode = try await memory.updateEpisode(input.episodeID, changes) }
    if let successor = input.supersededBy, episode.supersededBy != successor {
      episode = try await memory.supersede(input.episodeID, by: successor)
    }
    return ["episode": EpisodeSummary(episode)]
  }

  package static let checkpoint = Tool(
    "checkpoint", title: "Set a checkpoint",
    summary:
      "Use before a pause or a risky step: marks the present point of an unfinished episode.",
    input: [
      .required("episodeID", .text, "The id of the unfinished episode."),
      .required("label", .words(.max), "A short name of the point."),
      .optional("note", .text, "What whoever goes on should know."),
    ],
    output: .init("a checkpoint", [.required("checkpoint", EpisodeShape.checkpoint)]), hints: .adds
  ) { (input: CheckpointInput, call: ToolCall) async throws -> [String: Checkpoint] in
    let memory = try await call.memory()
    return [
      "checkpoint": try await memory.checkpoint(
        input.episodeID, label: input.label, note: input.note)
    ]
  }

  package static let resume = Tool(
    "resume", title: "Resume an episode",
    summary:
      "Use to go on with an unfinished episode, also of another agent: what was done, what failed, what next.",
    input: [
      .required("episodeID", .text, "The id of the unfinished episode."),
      .optional("checkpointID", .text, "One of its checkpoints; after its last step by default."),
      .optional("agentID", .identifier, "Who goes on with it."),
    ],
    output: ResumeOutput.fields,
    hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: true),
    needsModel: .always
  ) { (input: ResumeInput, call: ToolCall) async throws -> ResumeOutput in
    let memory = try await call.memory()
    return ResumeOutput(
      try await memory.resumeEpisode(
        input.episodeID, fromCheckpoint: input.checkpointID, agentID: input.agentID))
  }

  package static let forget = Tool(
    "forget", title: "Forget episodes",
    summary:
      "Use only when asked to: takes episodes away for good, with all that was learned from them alone.",
    input: [
      .required("episodeIDs", .items(.text, 1...ForgetInput.idsMax), "At most 1000."),
      .optional("dryRun", .flag, "Only count what would go."),
    ],
    output: .init(
      "what was forgotten",
      [
        .required("episodes", .whole), .required("isDryRun", .flag),
        .required("isErased", .flag, "Whether nothing of it can be read in the store's file."),
        .optional("problem", .text),
      ]), hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true)
  ) { (input: ForgetInput, call: ToolCall) async throws -> ForgetOutput in
    try await ForgetOutput.forget(input.episodeIDs, dryRun: input.dryRun ?? false, call)
  }
}
