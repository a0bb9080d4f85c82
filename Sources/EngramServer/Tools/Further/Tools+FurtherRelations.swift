internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  private static let kinds = JSONShape.choice(RelationshipKind.allCases.map(\.rawValue))
  private static let acyclicKinds = JSONShape.choice(
    RelationshipKind.allCases.filter(\.isAcyclic).map(\.rawValue))

  package static let addRelation = Tool(
    "add_relation", title: "Relate two episodes",
    summary: "Links one episode to another of its namespace; what must have no circles gets none.",
    input: [
      .required("from", .text, "The id of the episode that the link starts from."),
      .required("to", .text, "The id of the episode that it leads to."),
      .required("kind", kinds), .optional("reason", .text), .optional("priority", .whole),
    ],
    output: .init("a relation", [.required("relation", RecordShape.relationship)]), hints: .adds
  ) { (input: RelationInput, call: ToolCall) async throws -> [String: Relationship] in
    [
      "relation": try await call.memory().relate(
        input.from, to: input.to, kind: input.kind, reason: input.reason,
        priority: input.priority)
    ]
  }

  package static let deleteRelation = Tool(
    "delete_relation", title: "Delete a relation", summary: "Deletes a link between episodes.",
    input: [.required("relationID", .text, "The id of the relation.")],
    output: .init("a deleted relation", [.required("relationID", .text)]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: false)
  ) { (input: RelationID, call: ToolCall) async throws -> [String: String] in
    try await call.memory().unrelate(id: input.relationID)
    return ["relationID": input.relationID]
  }

  package static let listRelations = Tool(
    "list_relations", title: "List relations",
    summary: "The links between episodes of a namespace, oldest first.",
    input: [
      .optional("namespace", .text, "'default' by default."), .optional("kind", kinds),
      .optional("limit", .count(1...1000), "The most to return; 100 by default."),
    ],
    output: .init(
      "relations", [.required("relations", .list(of: RecordShape.relationship), "Oldest first.")]),
    hints: .reads
  ) { (input: RelationListInput, call: ToolCall) async throws -> [String: [Relationship]] in
    [
      "relations": try await call.memory().relationships(
        inNamespace: input.namespace ?? Episode.defaultNamespace, kind: input.kind,
        limit: input.limit ?? 100)
    ]
  }

  package static let listEpisodeRelations = Tool(
    "list_episode_relations", title: "List an episode's relations",
    summary: "The links from and to an episode.",
    input: [
      .required("episodeID", .text, "The id of the episode."), .optional("kind", kinds),
      .optional(
        "direction", .choice(EpisodeRelationsInput.Direction.allCases.map(\.rawValue)),
        "outgoing: from it; incoming: to it; both by default."),
    ],
    output: .init(
      "relations", [.required("relations", .list(of: RecordShape.relationship))]), hints: .reads
  ) { (input: EpisodeRelationsInput, call: ToolCall) async throws -> [String: [Relationship]] in
    [
      "relations": try await call.memory().relationships(
        of: input.episodeID, direction: (input.direction ?? .both).relationshipDirection,
        kind: input.kind)
    ]
  }

  package static let orderRelations = Tool(
    "order_relations", title: "Order by relations",
    summary: "The episodes of a namespace that have such links, what is led to first.",
    input: [
      .optional("namespace", .text, "'default' by default."),
      .optional("kind", acyclicKinds, "dependsOn by default."),
      .optional(
        "episodeIDs", .items(.text, 0...100),
        "Only these episodes, of one namespace; all that have such links by default."),
    ],
    output: .init(
      "an order of episodes", [.required("episodes", .list(of: RecordShape.node))]), hints: .reads
  ) {
    (input: OrderInput, call: ToolCall) async throws -> [String: [RelationshipGraph.Node]] in
    let memory = try await call.memory()
    let ids = (input.episodeIDs ?? []).isEmpty ? nil : input.episodeIDs
    var namespace = input.namespace
    for id in ids ?? [] {
      let found = try await call.existing(id).namespace
      guard found == namespace ?? found else {
        throw ValidationError(
          field: "episodeIDs", problem: "'\(id)' is in namespace '\(found)'",
          expected: "episodes of namespace '\(namespace ?? "")'")
      }
      namespace = found
    }
    return [
      "episodes": try await memory.topologicalOrder(
        of: ids, namespace: namespace ?? Episode.defaultNamespace, kind: input.kind ?? .dependsOn)
    ]
  }
}
