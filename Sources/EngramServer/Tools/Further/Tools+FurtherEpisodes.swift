internal import Engram
internal import Episodes

// What the HTTP API has beside what agents are offered: few tools are easier to choose from.
extension Tools {
  package static let deleteEpisode = Tool(
    "delete_episode", title: "Delete an episode",
    summary: "Deletes an episode with all that belongs to it; an import may bring it back.",
    input: [.required("episodeID", .text, "The id of the episode.")],
    output: .init("a deleted episode", [.required("episodeID", .text)]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: false)
  ) { (input: EpisodeInput, call: ToolCall) async throws -> [String: String] in
    try await call.memory().deleteEpisode(input.episodeID)
    return ["episodeID": input.episodeID]
  }

  package static let listCheckpoints = Tool(
    "list_checkpoints", title: "List checkpoints",
    summary: "Lists the checkpoints of an episode, in their order.",
    input: [.required("episodeID", .text, "The id of the episode.")],
    output: .init(
      "checkpoints", [.required("checkpoints", .list(of: EpisodeShape.checkpoint))]),
    hints: .reads
  ) { (input: EpisodeInput, call: ToolCall) async throws -> [String: [Checkpoint]] in
    ["checkpoints": try await call.memory().checkpoints(of: input.episodeID)]
  }

  package static let deleteCheckpoint = Tool(
    "delete_checkpoint", title: "Delete a checkpoint", summary: "Deletes a checkpoint.",
    input: [.required("checkpointID", .text, "The id of the checkpoint.")],
    output: .init("a deleted checkpoint", [.required("checkpointID", .text)]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: false)
  ) { (input: CheckpointID, call: ToolCall) async throws -> [String: String] in
    try await call.memory().deleteCheckpoint(id: input.checkpointID)
    return ["checkpointID": input.checkpointID]
  }

  package static let getHandoff = Tool(
    "get_handoff", title: "Make a handoff",
    summary: "What the next agent needs to go on with an episode; changes nothing.",
    input: [.required("episodeID", .text, "The id of the episode.")],
    output: .init("a handoff", [.required("handoff", RecordShape.handoff)]), hints: .reads,
    needsModel: .always
  ) { (input: EpisodeInput, call: ToolCall) async throws -> [String: HandoffPack] in
    ["handoff": try await call.memory().handoffPack(for: input.episodeID)]
  }

  package static let getHistory = Tool(
    "get_history", title: "Read a history",
    summary: "Who replaced whom: what came before an episode, the episode, and what came after it.",
    input: [.required("episodeID", .text, "The id of the episode.")],
    output: .init("a history", [.required("episodes", .list(of: EpisodeSummary.shape))]),
    hints: .reads
  ) { (input: EpisodeInput, call: ToolCall) async throws -> [String: [EpisodeSummary]] in
    ["episodes": try await call.memory().history(of: input.episodeID).map(EpisodeSummary.init)]
  }
}
