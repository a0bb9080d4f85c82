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
