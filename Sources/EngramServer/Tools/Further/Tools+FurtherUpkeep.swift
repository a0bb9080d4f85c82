internal import DurableStore
internal import Engram
internal import Episodes
internal import Sync

extension Tools {
  package static let getStatistics = Tool(
    "get_statistics", title: "Statistics", summary: "Counts and sizes of the memory.", input: [],
    output: .init("statistics", [.required("statistics", RecordShape.statistics)]), hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> [String: MemoryStatistics] in
    ["statistics": try await call.memory().statistics()]
  }

  package static let getHealthReport = Tool(
    "get_health_report", title: "Health",
    summary: "How store, cache, sync and index are: sizes, hit rates, lag, circuit breakers.",
    input: [], output: HealthReport.fields, hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> HealthReport in
    await HealthReport(of: try await call.memory(), model: call.gate.model)
  }

  package static let getMap = Tool(
    "get_map", title: "Map of the episodes",
    summary:
      "Episodes as points of the plane in which their embeddings vary most: those that are alike lie near.",
    input: [
      .optional("namespace", .text, "Only episodes of this namespace; all by default."),
      .optional(
        "limit", .count(1...5000),
        "The most points, of more episodes at even distances; 2000 by default."),
    ], output: MapShape.fields, hints: .reads, needsModel: .always
  ) { (input: MapInput, call: ToolCall) async throws -> EpisodeMap in
    try await call.memory().map(namespace: input.namespace, limit: input.limit ?? 2000)
  }

  package static let measureIndex = Tool(
    "measure_index", title: "Measure the index",
    summary:
      "Asks the index for vectors it holds, with lists of several sizes, and compares with the true nearest.",
    input: [
      .optional("queryCount", .count(1...1000), "How many vectors are asked for; 100 by default.")
    ], output: IndexMeasurementShape.fields, hints: .reads, needsModel: .always
  ) { (input: MeasureInput, call: ToolCall) async throws -> IndexMeasurement in
    try await call.memory().measureIndex(queryCount: input.queryCount ?? 100)
  }

  package static let listNamespaces = Tool(
    "list_namespaces", title: "List namespaces",
    summary: "The namespaces that have episodes, with their counts, in the order of their names.",
    input: [],
    output: .init(
      "namespaces", [.required("namespaces", .list(of: RecordShape.namespace))]), hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> [String: [NamespaceSummary]] in
    ["namespaces": try await call.memory().namespaces()]
  }

  package static let syncCache = Tool(
    "sync_cache", title: "Bring the cache up to date",
    summary: "Carries to the cache what other processes have written to the durable store.",
    input: [], output: .init("a sync", [.required("sync", RecordShape.sync)]),
    hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: true)
  ) { (_: NoInput, call: ToolCall) async throws -> [String: SyncReport] in
    ["sync": try await call.memory().sync(.manual)]
  }
}
