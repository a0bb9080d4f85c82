internal import Engram
internal import Episodes

extension Tools {
  private static let relationID = JSONShape.Field.required(
    "relationID", .text, "The id of the relation.")
  private static let relation = JSONShape.Fields(
    "a relation", [.required("relation", RecordShape.relationship)])

  package static let getRelation = Tool(
    "get_relation", title: "Read a relation", summary: "One link between episodes.",
    input: [relationID], output: relation, hints: .reads
  ) { (input: RelationID, call: ToolCall) async throws -> [String: Relationship] in
    guard let found = try await call.memory().relationship(id: input.relationID) else {
      throw EngramError(
        code: .notFound, message: "relationID: there is no relation '\(input.relationID)'")
    }
    return ["relation": found]
  }

  package static let updateRelation = Tool(
    "update_relation", title: "Update a relation",
    summary: "Changes the reason or the priority of a link.",
    input: [
      relationID, .optional("reason", .text, "Why they are linked."),
      .optional("priority", .whole, "A number to sort by."),
      .optional(
        "cleared", .list(of: .choice(RelationChange.Field.allCases.map(\.rawValue))),
        "What is taken away."),
    ], output: relation,
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true)
  ) { (input: RelationChange, call: ToolCall) async throws -> [String: Relationship] in
    let cleared = Set(input.cleared ?? [])
    guard input.reason != nil || input.priority != nil || !cleared.isEmpty else {
      throw ValidationError(
        field: "arguments", problem: "name nothing to change",
        expected: "reason, priority or cleared"
      )
    }
    for (field, isSet) in [
      (RelationChange.Field.reason, input.reason != nil), (.priority, input.priority != nil),
    ] where isSet && cleared.contains(field) {
      throw ValidationError(
        field: "cleared", problem: "has '\(field.rawValue)', which is set as well",
        expected: "one of both")
    }
    return [
      "relation": try await call.memory().updateRelationship(
        id: input.relationID,
        reason: cleared.contains(.reason) ? .clear : input.reason.map { .set($0) } ?? .keep,
        priority: cleared.contains(.priority) ? .clear : input.priority.map { .set($0) } ?? .keep)
    ]
  }

  package static let getGraph = Tool(
    "get_graph", title: "Follow relations",
    summary: "The episodes that are reached from one, and the links between them.",
    input: [
      .required("episodeID", .text, "The id of the episode."),
      .optional(
        "kinds", .list(of: .choice(RelationshipKind.allCases.map(\.rawValue))),
        "Only links of these kinds; all by default."),
      .optional(
        "direction", .choice(EpisodeRelationsInput.Direction.allCases.map(\.rawValue)),
        "Which way links are followed; outgoing by default."),
      .optional("depth", .count(0...1000), "The most links from the episode; 10 by default."),
      .optional("limit", .count(1...10_000), "The most episodes; 1000 by default."),
      .optional("dot", .flag, "Also the graph in the language of Graphviz."),
    ],
    output: .init(
      "a graph",
      [
        .required("nodes", .list(of: RecordShape.node), "The episode first, then by depth."),
        .required("edges", .list(of: RecordShape.relationship)),
        .required("isCutOff", .flag, "Whether there are more beyond depth or limit."),
        .optional("dot", .text, "Where that was asked for."),
      ]), hints: .reads
  ) { (input: GraphInput, call: ToolCall) async throws -> GraphOutput in
    let graph = try await call.memory().dependencyGraph(
      from: input.episodeID, kinds: input.kinds ?? [],
      direction: (input.direction ?? .outgoing).relationshipDirection,
      depthMax: input.depth ?? 10, nodesMax: input.limit ?? 1000)
    return GraphOutput(graph, withDOT: input.dot ?? false)
  }
}
