internal import Episodes
internal import Synchronization

extension DurableStore {
  private static let exportPageSize = 64

  /// Hands over every record as it was at one moment, while writes go on: heuristics and patterns in
  /// the order of their ids, episodes in the order they were stored, relationships in the order of
  /// their ids. Storing them in this order in an empty store makes one whose export is the same.
  ///
  /// The change log and the index segments are not exported: they follow from the rest. A pattern whose row is
  /// damaged is left out, and named by ``patternProblems()``.
  ///
  /// - Parameters:
  ///   - namespace: of this namespace only, and no other rows are read; nil for all.
  ///   - embeddings: whether vectors go with their records; they can be made anew from the texts.
  ///   - body: called with one record after the other.
  /// - Complexity: one page of records is in memory at a time.
  public func export(
    namespace: String? = nil, embeddings: Bool = false,
    _ body: @Sendable (StoredRecord) async throws -> Void
  ) async throws {
    // From the first record on the rest must be of the same moment.
    let hasBegun = Atomic(false)
    @Sendable func record(_ record: StoredRecord) async throws {
      hasBegun.store(true, ordering: .relaxed)
      try await body(record)
    }
    @Sendable func mayRepeat() -> Bool { !hasBegun.load(ordering: .relaxed) }
    do {
      try await backend.withSnapshot(mayRepeat: mayRepeat) { snapshot in
        try await exportHeuristics(namespace, snapshot, record)
        try await exportPatterns(namespace, snapshot, embeddings: embeddings, record)
        try await exportEpisodes(namespace, snapshot, embeddings: embeddings, record)
        try await exportRelationships(namespace, snapshot, record)
      }
    } catch let error as SQLError {
      throw DurableStoreError.database(error)
    }
  }

  private func exportHeuristics(
    _ namespace: String?, _ snapshot: any SQLSnapshot, _ body: (StoredRecord) async throws -> Void
  ) async throws {
    var last = ""
    while true {
      let page = try Self.heuristics(
        await snapshot.read([
          Self.heuristicsStatement(namespace: namespace, after: last, limit: Self.exportPageSize)
        ])[0])
      for heuristic in page { try await body(.heuristic(heuristic)) }
      guard let end = page.last else { return }
      last = end.id
    }
  }

  private func exportPatterns(
    _ namespace: String?, _ snapshot: any SQLSnapshot, embeddings: Bool,
    _ body: (StoredRecord) async throws -> Void
  ) async throws {
    var last = ""
    while true {
      let page = try await Self.page(after: last, limit: Self.exportPageSize) { id, limit in
        try await snapshot.read([
          Self.patternsStatement(
            namespace: namespace, kind: nil, domain: nil, after: id, limit: limit)
        ])[0]
      }
      let owned = try await self.embeddings(
        of: page.map(\.id), areEpisodes: false, snapshot, wanted: embeddings)
      for pattern in page {
        try await body(.pattern(pattern, embeddings: owned[pattern.id] ?? []))
      }
      guard let end = page.last else { return }
      last = end.id
    }
  }

  private func exportEpisodes(
    _ namespace: String?, _ snapshot: any SQLSnapshot, embeddings: Bool,
    _ body: (StoredRecord) async throws -> Void
  ) async throws {
    var last: Int64 = 0
    while true {
      var arguments: [SQLValue] = [.integer(last), .integer(Int64(Self.exportPageSize))]
      var condition = "e.rowid > ?1"
      if let namespace {
        condition += " AND e.namespace = ?3"
        arguments.append(.text(namespace))
      }
      let selected = "FROM episodes AS e WHERE \(condition) ORDER BY e.rowid LIMIT ?2"
      let page: [(rowID: Int64, episode: Episode)]
      do throws(DurableStoreError) {
        page = try await episodes(
          selecting: SQLStatement("SELECT e.rowid \(selected)", arguments), from: snapshot)
      } catch {
        // The backend knows its own errors, and tries again.
        if case .database(let cause) = error { throw cause }
        throw error
      }
      let owned = try await self.embeddings(
        of: page.map(\.episode.id), areEpisodes: true, snapshot, wanted: embeddings)
      let pending = try await snapshot.read([
        SQLStatement(
          """
          SELECT q.episode FROM json_each(?1) AS wanted
          CROSS JOIN learning_queue AS q ON q.episode = wanted.value
          """, [.text(JSONColumns.integers(page.map(\.rowID)))])
      ])[0].integers
      for (rowID, episode) in page {
        let embeddings = owned[episode.id] ?? []
        let isLearned =
          episode.outcome != nil && episode.patternIDs.isEmpty && !pending.contains(rowID)
        try await body(
          isLearned
            ? .learned(episode, embeddings: embeddings) : .episode(episode, embeddings: embeddings))
      }
      guard let end = page.last else { return }
      last = end.rowID
    }
  }

  private func exportRelationships(
    _ namespace: String?, _ snapshot: any SQLSnapshot, _ body: (StoredRecord) async throws -> Void
  ) async throws {
    var last = ""
    while true {
      let page = try Self.relationships(
        await snapshot.read([
          Self.relationshipsStatement(
            namespace: namespace, after: last, limit: Self.exportPageSize)
        ])[0])
      for relationship in page { try await body(.relationship(relationship)) }
      guard let end = page.last else { return }
      last = end.id
    }
  }

  /// The embeddings of records, in an order that does not depend on when they were made.
  private func embeddings(
    of ids: [String], areEpisodes: Bool, _ snapshot: any SQLSnapshot, wanted: Bool
  ) async throws -> [String: [Embedding]] {
    guard wanted, !ids.isEmpty else { return [:] }
    let owner = areEpisodes ? "m.owner_kind <> 'pattern'" : "m.owner_kind = 'pattern'"
    let result = try await snapshot.read([
      SQLStatement(
        """
        SELECT \(EmbeddingRow.selection)
        FROM json_each(?1) AS wanted CROSS JOIN embeddings AS m ON m.owner_id = wanted.value
        WHERE \(owner) AND m.owner_kind IN ('episode', 'pattern', 'step', 'summary')
        ORDER BY wanted.key, m.owner_kind, m.part, m.model
        """, [.text(JSONColumns.strings(ids))])
    ])[0]
    var embeddings: [String: [Embedding]] = [:]
    for stored in try Self.embeddings(result) {
      embeddings[stored.embedding.owner.id, default: []].append(stored.embedding)
    }
    return embeddings
  }
}
