public import DurableStore
public import Episodes
internal import Sync

extension Memory {
  /// Links an episode to another of its namespace.
  ///
  /// - Parameters:
  ///   - from: the episode the link starts from: the one that depends, blocks, follows, or is the parent.
  ///   - to: the episode it leads to.
  ///   - kind: parentChild, dependsOn and blocks may form no cycle.
  /// - Throws: ``EngramError``: `notFound` and `invalidInput` (another namespace, a cycle) name both episodes;
  ///   `conflict` if they are linked so already.
  @discardableResult
  public func relate(
    _ from: String, to: String, kind: RelationshipKind, reason: String? = nil,
    priority: Int? = nil
  ) async throws(EngramError) -> Relationship {
    let made = try await engramErrors {
      let namespaces = try await store.namespaces(ofEpisodes: [from, to])
      for id in [from, to] where namespaces[id] == nil {
        throw EngramError(
          code: .notFound,
          message: "there is no episode '\(id)'; '\(from)' cannot be related to '\(to)'")
      }
      let now = configuration.now()
      let relationship = Relationship(
        id: Identifier.make(at: now), from: from, to: to, kind: kind, reason: reason,
        priority: priority, createdAt: now)
      do {
        try await store.insert(relationship, isNewLink: true)
      } catch DurableStoreError.duplicate(_, let id) where id != relationship.id {
        throw EngramError(
          code: .conflict,
          message: "'\(from)' has a \(kind.rawValue) relationship to '\(to)' already: '\(id)'")
      }
      return relationship
    }
    await syncAfterWrite()
    return made
  }

  /// The relationship with this id; nil if there is none.
  public func relationship(id: String) async throws(EngramError) -> Relationship? {
    try await engramErrors { try await store.relationship(id: id) }
  }

  /// Takes a relationship away.
  ///
  /// - Throws: ``EngramError`` with code `notFound`.
  public func unrelate(id: String) async throws(EngramError) {
    try await engramErrors {
      guard try await store.deleteRelationships(ids: [id]) > 0 else {
        throw DurableStoreError.notFound(.relationship, id: id)
      }
    }
    await syncAfterWrite()
  }

  /// Changes the reason and the priority of a relationship.
  ///
  /// - Returns: the relationship as it is now.
  /// - Throws: ``EngramError`` with code `notFound`.
  @discardableResult
  public func updateRelationship(
    id: String, reason: FieldChange<String> = .keep, priority: FieldChange<Int> = .keep
  ) async throws(EngramError) -> Relationship {
    let updated = try await engramErrors {
      guard var relationship = try await store.relationship(id: id) else {
        throw DurableStoreError.notFound(.relationship, id: id)
      }
      relationship.reason = reason.applied(to: relationship.reason)
      relationship.priority = priority.applied(to: relationship.priority)
      try await store.updateRelationship(
        id: id, reason: relationship.reason, priority: relationship.priority)
      return relationship
    }
    await syncAfterWrite()
    return updated
  }

  /// The relationships of an episode, oldest first.
  ///
  /// - Throws: ``EngramError`` with code `notFound` if there is no such episode.
  public func relationships(
    of episodeID: String, direction: RelationshipDirection = .both, kind: RelationshipKind? = nil
  ) async throws(EngramError) -> [Relationship] {
    try await engramErrors {
      guard let namespace = try await store.namespaces(ofEpisodes: [episodeID])[episodeID] else {
        throw DurableStoreError.notFound(.episode, id: episodeID)
      }
      let found = try await store.relationships(
        ofEpisode: episodeID, direction: direction, kind: kind)
      return try await within(namespace, found)
    }
  }

  /// The relationships between episodes of a namespace, oldest first.
  public func relationships(
    inNamespace namespace: String, kind: RelationshipKind? = nil, limit: Int = 1000
  ) async throws(EngramError) -> [Relationship] {
    try await engramErrors {
      try await store.relationships(inNamespace: namespace, kind: kind, limit: limit)
    }
  }

  /// The episodes that can be reached from one, and the links between them.
  ///
  /// - Parameters:
  ///   - id: where it starts.
  ///   - kinds: links of these kinds only; empty for all.
  ///   - direction: which way links are followed.
  ///   - depthMax: the most links from the start.
  ///   - nodesMax: the most episodes.
  /// - Throws: ``EngramError``: `notFound`, `invalidInput` for a negative depth.
  /// - Complexity: two queries for each step of depth.
  public func dependencyGraph(
    from id: String, kinds: [RelationshipKind] = [], direction: RelationshipDirection = .outgoing,
    depthMax: Int = 10, nodesMax: Int = 1000
  ) async throws(EngramError) -> RelationshipGraph {
    try await engramErrors {
      guard depthMax >= 0 else {
        throw ValidationError(field: "depthMax", problem: "is \(depthMax)", expected: "0 or more")
      }
      guard let namespace = try await store.namespaces(ofEpisodes: [id])[id] else {
        throw DurableStoreError.notFound(.episode, id: id)
      }
      var depths = [id: 0]
      var order = [id]
      var edges: [Relationship] = []
      var frontier = [id]
      var isCutOff = false
      for depth in 0...depthMax where !frontier.isEmpty {
        let found = try await within(
          namespace,
          try await store.relationships(
            ofEpisodes: frontier, direction: direction, kinds: kinds))
        edges += found
        var next: [String] = []
        for end in found.flatMap({ [$0.from, $0.to] }) where depths[end] == nil {
          guard depth < depthMax, order.count < max(1, nodesMax) else {
            isCutOff = true
            continue
          }
          depths[end] = depth + 1
          order.append(end)
          next.append(end)
        }
        frontier = next
      }
      let inside = edges.uniqued().filter { depths[$0.from] != nil && depths[$0.to] != nil }
      return RelationshipGraph(
        nodes: try await nodes(order, depths: depths), edges: inside, isCutOff: isCutOff)
    }
  }

  /// The order in which episodes come by the relationships of one kind: what is depended on, what blocks, the
  /// parent first. Where nothing is said of two, the one that started earlier comes first.
  ///
  /// - Parameters:
  ///   - ids: of one namespace; nil for all of `namespace` that have such a relationship.
  ///   - namespace: whose episodes are meant without `ids`.
  /// - Throws: ``EngramError``: `notFound`; `invalidInput` for a kind that may have cycles, or ids of several
  ///   namespaces.
  /// - Complexity: reads every episode of the namespace that has such a relationship.
  public func topologicalOrder(
    of ids: [String]? = nil, namespace: String = Episode.defaultNamespace,
    kind: RelationshipKind = .dependsOn
  ) async throws(EngramError) -> [RelationshipGraph.Node] {
    try await engramErrors {
      var namespace = namespace
      if let ids {
        let namespaces = try await store.namespaces(ofEpisodes: ids)
        for id in ids where namespaces[id] == nil {
          throw DurableStoreError.notFound(.episode, id: id)
        }
        let names = Set(namespaces.values).sorted()
        guard names.count <= 1 else {
          throw ValidationError(
            field: "ids",
            problem: "are of the namespaces '\(names.prefix(3).joined(separator: "', '"))'",
            expected: "episodes of one namespace")
        }
        namespace = names.first ?? namespace
      }
      let links = try await store.relationships(inNamespace: namespace, kind: kind)
      // All that is linked, since the way from one to another may lead over a third.
      let members = try await nodes(
        ((ids ?? []) + links.flatMap { [$0.from, $0.to] }).uniqued())
      let byStart = members.sorted { ($0.start, $0.node.id) < ($1.start, $1.node.id) }
      let sorted = try TopologicalOrder.sorted(
        byStart.map(\.node.id), by: links, kind: kind)
      let known = Dictionary(
        byStart.map { ($0.node.id, $0.node) }, uniquingKeysWith: { first, _ in first })
      let depths = TopologicalOrder.depths(sorted, by: links, kind: kind)
      let wanted = ids.map(Set.init)
      return sorted.compactMap { id in
        guard wanted?.contains(id) ?? true else { return nil }
        var node = known[id]
        node?.depth = depths[id] ?? 0
        return node
      }
    }
  }

  /// Those whose two ends are in a namespace: others came from elsewhere, and are not shown.
  private func within(
    _ namespace: String, _ relationships: [Relationship]
  ) async throws -> [Relationship] {
    let ends = relationships.flatMap { [$0.from, $0.to] }.uniqued()
    let namespaces = try await store.namespaces(ofEpisodes: ends)
    return relationships.filter {
      namespaces[$0.from] == namespace && namespaces[$0.to] == namespace
    }
  }

  private func nodes(
    _ ids: [String], depths: [String: Int]
  ) async throws -> [RelationshipGraph.Node] {
    try await nodes(ids).map { found in
      var node = found.node
      node.depth = depths[node.id] ?? 0
      return node
    }
  }

  private func nodes(
    _ ids: [String]
  ) async throws -> [(start: Timestamp, node: RelationshipGraph.Node)] {
    var nodes: [(start: Timestamp, node: RelationshipGraph.Node)] = []
    for batch in ids.batches(of: DurableStore.upkeepBatchMax) {
      for episode in try await store.episodes(ids: batch) {
        nodes.append(
          (
            episode.startTime,
            RelationshipGraph.Node(
              id: episode.id, title: episode.taskDescription, outcome: episode.outcome?.kind,
              depth: 0)
          ))
      }
    }
    return nodes
  }
}
