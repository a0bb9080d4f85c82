internal import Engram
internal import Episodes
internal import Sync

extension Tools {
  package static let memoryStatus = Tool(
    "memory_status", title: "Memory status",
    summary:
      "Use to see how much the memory holds, and whether its model, store and cache are well.",
    input: [], output: StatusOutput.fields, hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> StatusOutput in
    let memory = try await call.memory()
    var status = StatusOutput(model: call.gate.model)
    status.shard = memory.configuration.shard?.shard
    if let problem = memory.syncHealth.problem { status.problems.append(problem) }
    do throws(EngramError) {
      let found = try await memory.statistics()
      status.home = found.home
      status.episodes = found.episodes
      status.steps = found.steps
      status.patterns = found.patterns
      status.heuristics = found.heuristics
      status.storeBytes = found.databaseBytes
      status.cachedEpisodes = found.cachedEpisodes
      status.indexSegments = found.segments
      status.unsyncedChanges = Int(max(0, found.lastChange - found.watermark))
    } catch {
      guard error.code == .storeAway else { throw error }
      status.home = memory.configuration.home.path
      status.problems.append(error.message)
    }
    return status
  }
}
