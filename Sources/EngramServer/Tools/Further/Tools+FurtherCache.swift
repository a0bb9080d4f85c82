internal import Engram
internal import Episodes
internal import Sync

extension Tools {
  private static let upkeep = ToolHints(
    isReadOnly: false, isDestructive: false, isIdempotent: true)

  package static let validateCache = Tool(
    "validate_cache", title: "Validate the cache",
    summary: "Compares the cache with the durable store: counts, records, embeddings, segments.",
    input: [],
    output: .init("a validation", [.required("validation", CacheShape.validation)]), hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> [String: CacheValidation] in
    ["validation": try await call.memory().validateCache()]
  }

  package static let checkCache = Tool(
    "check_cache", title: "Check the cache",
    summary: "Reads every byte of the cache, and with 'repair' mends what is damaged.",
    input: [.optional("repair", .flag, "Whether what is damaged is read from the store again.")],
    output: .init("a check of the cache", [.required("cache", CacheShape.health)]), hints: upkeep
  ) { (input: RepairInput, call: ToolCall) async throws -> [String: CacheHealth] in
    ["cache": try await call.memory().checkCache(repairing: input.repair ?? false)]
  }

  package static let sweepCache = Tool(
    "sweep_cache", title: "Sweep the cache",
    summary: "Drops from the cache what has expired or is over its bounds; the store keeps all.",
    input: [],
    output: .init(
      "a sweep",
      ["expired", "evicted", "refreshed", "staleReaders", "healed"].map {
        .required($0, .whole)
      }), hints: upkeep
  ) { (_: NoInput, call: ToolCall) async throws -> CacheSweepReport in
    try await call.memory().sweepCache()
  }

  package static let refillCache = Tool(
    "refill_cache", title: "Fill the cache anew",
    summary: "Empties the cache and fills it from the durable store.", input: [confirm],
    output: .init("a sync", [.required("sync", RecordShape.sync)]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true)
  ) { (_: Confirmation, call: ToolCall) async throws -> [String: SyncReport] in
    ["sync": try await call.memory().clearCache()]
  }

  package static let learnPending = Tool(
    "learn_pending", title: "Learn now",
    summary: "Learns from every episode that has ended and was not learned from yet.", input: [],
    output: .init(
      "what was learned",
      ["episodes", "newPatterns", "mergedOccurrences", "heuristics", "embeddedPatterns"].map {
        .required($0, .whole)
      } + [.required("problems", .list(of: .text))]), hints: upkeep, needsModel: .always
  ) { (_: NoInput, call: ToolCall) async throws -> LearningReport in
    try await call.memory().learnPending()
  }

  package static let getPendingLearning = Tool(
    "get_pending_learning", title: "What is left to learn from",
    summary: "How many ended episodes nothing has been learned from yet.", input: [],
    output: .init("what is left", [.required("episodes", .whole)]), hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> [String: Int] in
    ["episodes": try await call.memory().pendingEpisodeCount()]
  }
}
