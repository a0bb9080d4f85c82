internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  private static let limits: [JSONShape.Field] = [
    .optional("episodesMax", .count(1...1 << 53), "The most episodes in all; no limit without."),
    .optional("namespaceEpisodesMax", .count(1...1 << 53), "The most of each namespace."),
    .optional(
      "policy", .choice(EvictionPolicy.allCases.map(\.rawValue)),
      "Which go first; leastRecentlyUsed by default."),
  ]
  private static let capacity = JSONShape.Fields(
    "the limits and what is used of them",
    [
      .required(
        "limits",
        .object(
          .init(
            "limits",
            [
              .optional("episodesMax", .whole), .optional("namespaceEpisodesMax", .whole),
              .required("policy", .choice(EvictionPolicy.allCases.map(\.rawValue))),
            ]))),
      .required("isConfigured", .flag, "Whether they are those of the server's configuration."),
      .required("episodes", .whole),
      .required("namespaces", .any, "How many episodes each has, by name."),
      .required("evictedSinceOpening", .whole),
    ])
  private static let evicted = JSONShape.Fields(
    "what was evicted, or would be",
    [
      .required("evicted", .whole),
      .required("ids", .list(of: .text), "The first of them, 100 at most."),
      .required("isDryRun", .flag),
    ])

  package static let getCapacity = Tool(
    "get_capacity", title: "Look at the limits",
    summary: "The limits on the number of episodes, and how much of them is used.", input: [],
    output: capacity, hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> CapacityReport in
    try await call.memory().capacity()
  }

  package static let setCapacity = Tool(
    "set_capacity", title: "Set the limits",
    summary: "Sets the limits for every process: what is over them is deleted by the next write.",
    input: [confirm] + limits, output: capacity,
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true)
  ) { (input: CapacityInput, call: ToolCall) async throws -> CapacityReport in
    let memory = try await call.memory()
    try await memory.setCapacity(input.limits)
    return try await memory.capacity()
  }

  package static let previewCapacity = Tool(
    "preview_capacity", title: "Look at what limits would take",
    summary: "Which episodes would go under such limits; nothing is set or deleted.",
    input: limits, output: evicted, hints: .reads
  ) { (input: CapacityInput, call: ToolCall) async throws -> EvictionReport in
    try await call.memory().evictions(under: input.limits)
  }

  package static let enforceCapacity = Tool(
    "enforce_capacity", title: "Hold the limits now",
    summary: "Deletes the episodes that are over the limits, as the next write would.",
    input: [confirm], output: evicted,
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true)
  ) { (_: Confirmation, call: ToolCall) async throws -> EvictionReport in
    try await call.memory().enforceCapacity()
  }

  package static let findDuplicates = Tool(
    "find_duplicates", title: "Find near duplicates",
    summary: "Pairs of episodes of one namespace that say nearly the same, the most alike first.",
    input: [
      .optional(
        "threshold", .bounded(0.001...1, ""), "The least similarity; 0.95 by default."),
      .optional("limit", .count(1...1000), "The most pairs; 100 by default."),
    ], filters: FilterArguments.fields,
    output: .init(
      "near duplicates",
      [
        .required(
          "pairs",
          .list(
            of: .object(
              .init(
                "a pair",
                [
                  .required("first", .text), .required("second", .text),
                  .required("similarity", .number("")),
                ])))), .required("compared", .whole), .required("isCutOff", .flag),
      ]), hints: .reads, needsModel: .always
  ) { (input: DuplicatesInput, call: ToolCall) async throws -> NearDuplicates in
    try await call.memory().nearDuplicates(
      threshold: input.threshold ?? 0.95, filter: try input.filter.filter(),
      limit: input.limit ?? 100)
  }

  package static let deleteNamespace = Tool(
    "delete_namespace", title: "Forget a namespace",
    summary: "Forgets every episode of a namespace, and all that was learned in it.",
    input: [.required("namespace", .text, "Its name."), confirm],
    output: .init(
      "what was forgotten",
      [
        .required("episodes", .whole), .required("patterns", .whole),
        .required("heuristics", .whole), .required("isErased", .flag),
        .optional("problem", .text),
      ]), hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: false)
  ) { (input: NamespaceInput, call: ToolCall) async throws -> NamespaceRemoval in
    NamespaceRemoval(try await call.memory().deleteNamespace(input.namespace))
  }

  package static let renameNamespace = Tool(
    "rename_namespace", title: "Rename a namespace",
    summary: "Moves the episodes of a namespace, and what was learned from them, to another.",
    input: [
      .required("namespace", .text, "Its name."),
      .required("name", .identifier, "The name it gets."),
      .optional("merging", .flag, "Whether the other may have episodes already."),
      .optional("dryRun", .flag, "Only count what would be moved."),
    ],
    output: .init("what was moved", [.required("episodes", .whole)]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: false)
  ) { (input: NamespaceInput, call: ToolCall) async throws -> [String: Int] in
    [
      "episodes": try await call.memory().renameNamespace(
        input.namespace, to: input.name ?? "", merging: input.merging ?? false,
        isDryRun: input.dryRun ?? false)
    ]
  }
}
