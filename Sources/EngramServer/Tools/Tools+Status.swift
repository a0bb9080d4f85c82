internal import Engram
internal import Episodes
internal import Sync

extension Tools {
  static let memoryStatus = Tool(
    "memory_status", title: "Memory status",
    summary:
      "Use to see how much the memory holds, and whether its model, store and cache are well.",
    input: [], output: StatusOutput.fields, hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> StatusOutput in
    let memory = try await call.memory()
    var status = StatusOutput(model: call.gate.model)
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

private struct NoInput: Decodable {}

/// How much a memory holds, and how it is.
struct StatusOutput: Encodable {
  var home = ""
  var model: String
  /// Counts are nil while the store is away.
  var episodes: Int?
  var steps: Int?
  var patterns: Int?
  var heuristics: Int?
  var storeBytes: Int?
  var cachedEpisodes: Int?
  var indexSegments: Int?
  var unsyncedChanges: Int?
  /// A sentence for each.
  var problems: [String] = []

  init(model: ModelState) {
    self.model = model.name
    if case .failed(let problem) = model {
      problems.append("the embedding model cannot be used: \(problem)")
    }
  }

  static let fields = JSONShape.Fields(
    "the state of the memory",
    [
      .required("home", .text, "The folder that holds it."),
      .required(
        "model", .choice(["loading", "ready", "failed"]),
        "The embedding model; until it is ready searches go by words alone."),
      .optional("episodes", .whole), .optional("steps", .whole), .optional("patterns", .whole),
      .optional("heuristics", .whole), .optional("storeBytes", .whole),
      .optional("cachedEpisodes", .whole), .optional("indexSegments", .whole),
      .optional(
        "unsyncedChanges", .whole, "Changes of the store that the cache does not have yet."),
      .required("problems", .list(of: .text), "Empty when all is well."),
    ])
}
