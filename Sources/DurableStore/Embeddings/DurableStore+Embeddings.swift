public import Episodes

extension DurableStore {
  /// Stores embeddings of records that are stored already, all in one transaction. An embedding of
  /// the same owner, part and model is replaced, under a new id, unless it is the same.
  ///
  /// - Returns: the ids, in order, and those of replaced embeddings.
  /// - Throws: ``DurableStoreError/notFound(_:id:)`` when an owner is not stored; then nothing is
  ///   written.
  @discardableResult
  public func putEmbeddings(
    _ embeddings: [Embedding]
  ) async throws(DurableStoreError) -> WriteOutcome {
    if embeddings.isEmpty { return WriteOutcome(disposition: .ignored) }
    let statements = try Self.statements(putting: embeddings)
    let results: [SQLResult]
    do {
      results = try await backend.write(statements)
    } catch {
      if error.kind == .constraintViolation, let index = error.statementIndex {
        let owner = embeddings[index / 3].owner
        throw .notFound(owner.kind == .pattern ? .pattern : .episode, id: owner.id)
      }
      throw .database(error)
    }
    return Self.outcome(ofPutting: results[...], disposition: .inserted)
  }

  /// Three statements an embedding: delete a changed one, insert, find the id.
  static func statements(
    putting embeddings: [Embedding]
  ) throws(DurableStoreError) -> [SQLStatement] {
    var statements: [SQLStatement] = []
    for embedding in embeddings {
      do {
        try embedding.validate()
      } catch {
        throw .invalid(error)
      }
      let values = EmbeddingRow.arguments(embedding)
      statements.append(SQLStatement(EmbeddingRow.deleteChanged, values))
      statements.append(SQLStatement(EmbeddingRow.insert, values))
      statements.append(SQLStatement(EmbeddingRow.idOfOwner, Array(values[0..<4])))
    }
    return statements
  }

  static func outcome(
    ofPutting results: ArraySlice<SQLResult>, disposition: WriteOutcome.Disposition
  ) -> WriteOutcome {
    var outcome = WriteOutcome(disposition: disposition)
    for (offset, result) in results.enumerated() {
      if offset % 3 == 0 { outcome.removedEmbeddingIDs += result.integers }
      if offset % 3 == 2, let id = result.firstInteger { outcome.embeddingIDs.append(id) }
    }
    return outcome
  }

  /// Deletes embeddings.
  ///
  /// - Returns: the ids of those that were there.
  @discardableResult
  public func deleteEmbeddings(ids: [Int64]) async throws(DurableStoreError) -> [Int64] {
    try await write(
      "DELETE FROM embeddings WHERE id IN (SELECT value FROM json_each(?1)) RETURNING id",
      [.text(JSONColumns.integers(ids))]
    ).integers
  }

  /// Deletes every embedding of a model.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func deleteEmbeddings(model: String) async throws(DurableStoreError) -> Int {
    try await write("DELETE FROM embeddings WHERE model = ?1", [.text(model)]).affectedRowCount
  }
}

extension DurableStore {
  /// The embeddings of the episodes that meet a filter: what a filtered search may return.
  ///
  /// - Returns: the ids of the embeddings in rising order, and the id of the episode of each.
  public func embeddingOwners(
    matching filter: EpisodeFilter, model: String
  ) async throws(DurableStoreError) -> (ids: [Int64], episodes: [String]) {
    var condition = try filter.condition()
    condition.add("m.model = ?", .text(model))
    let result = try await read(
      """
      SELECT m.id, e.id FROM episodes AS e JOIN embeddings AS m ON m.episode = e.rowid
      WHERE \(condition.sql) ORDER BY m.id
      """, condition.arguments)
    var owners: (ids: [Int64], episodes: [String]) = ([], [])
    owners.ids.reserveCapacity(result.rows.count)
    owners.episodes.reserveCapacity(result.rows.count)
    for values in result.rows {
      var row = RowReader(table: "embeddings", columns: result.columns, values: values)
      owners.ids.append(try row.integer())
      owners.episodes.append(try row.text())
    }
    return owners
  }

  /// The ids of the episodes that meet a filter, in no order.
  public func episodeIDs(
    matching filter: EpisodeFilter
  ) async throws(DurableStoreError) -> [String] {
    let condition = try filter.condition()
    let result = try await read(
      "SELECT e.id FROM episodes AS e WHERE \(condition.sql)", condition.arguments)
    return try result.rows.map { values throws(DurableStoreError) in
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      return try row.text()
    }
  }

  /// The embeddings of episodes, of every part and model.
  ///
  /// - Returns: by the id of the episode, the ids of its embeddings in rising order; episodes without are left out.
  /// - Complexity: one look-up an episode; the vectors are not read.
  public func embeddingIDs(
    ofEpisodes ids: [String]
  ) async throws(DurableStoreError) -> [String: [UInt64]] {
    if ids.isEmpty { return [:] }
    let result = try await read(
      """
      SELECT e.id, m.id FROM json_each(?1) AS wanted
      CROSS JOIN episodes AS e ON e.id = wanted.value
      CROSS JOIN embeddings AS m ON m.episode = e.rowid
      ORDER BY m.id
      """, [.text(JSONColumns.strings(ids))])
    var embeddings: [String: [UInt64]] = [:]
    for values in result.rows {
      var row = RowReader(table: "embeddings", columns: result.columns, values: values)
      let episode = try row.text()
      // A number below 0 is damage: it must not stand for another's.
      guard let number = UInt64(exactly: try row.integer()) else { continue }
      embeddings[episode, default: []].append(number)
    }
    return embeddings
  }

  /// Embeddings with ids above `id`, in rising order: for building an index from all of them.
  ///
  /// - Parameters:
  ///   - id: the last id of the batch before, 0 at first.
  ///   - limit: the most to return.
  ///   - model: of this model only; nil means of every model.
  ///   - includingPatterns: whether those of patterns are among them.
  public func embeddings(
    after id: Int64, limit: Int, model: String? = nil, includingPatterns: Bool = true
  ) async throws(DurableStoreError) -> [StoredEmbedding] {
    var condition = SQLCondition()
    condition.add("m.id > ?", .integer(id))
    if !includingPatterns { condition.add("m.pattern IS NULL") }
    if let model { condition.add("m.model = ?", .text(model)) }
    let limitParameter = condition.parameter(.integer(Int64(max(0, limit))))
    return try Self.embeddings(
      await read(
        "SELECT \(EmbeddingRow.selection) FROM embeddings AS m WHERE \(condition.sql) "
          + "ORDER BY m.id LIMIT \(limitParameter)", condition.arguments))
  }

  /// The embeddings with these ids, in the order of the ids; those that are not stored are left out.
  public func embeddings(ids: [Int64]) async throws(DurableStoreError) -> [StoredEmbedding] {
    try Self.embeddings(await read([Self.lookUp(embeddings: ids)])[0])
  }

  static func lookUp(embeddings ids: [Int64]) -> SQLStatement {
    SQLStatement(
      """
      SELECT \(EmbeddingRow.selection)
      FROM json_each(?1) AS wanted CROSS JOIN embeddings AS m ON m.id = wanted.value
      ORDER BY wanted.key
      """, [.text(JSONColumns.integers(ids))])
  }

  /// The embeddings of an episode, of every part and model.
  public func embeddings(
    ofEpisode id: String
  ) async throws(DurableStoreError) -> [StoredEmbedding] {
    try Self.embeddings(
      await read(
        """
        SELECT \(EmbeddingRow.selection) FROM embeddings AS m
        WHERE m.episode = (SELECT rowid FROM episodes WHERE id = ?1) ORDER BY m.id
        """, [.text(id)]))
  }

  /// Whose embeddings these are; ids that are not stored are left out.
  ///
  /// - Complexity: one look-up an id; the vectors are not read.
  public func embeddingOwners(
    ids: [Int64]
  ) async throws(DurableStoreError) -> [Int64: EmbeddingOwner] {
    let result = try await read(
      """
      SELECT m.id, m.owner_kind, m.owner_id, m.part
      FROM json_each(?1) AS wanted CROSS JOIN embeddings AS m ON m.id = wanted.value
      """, [.text(JSONColumns.integers(ids))])
    var owners: [Int64: EmbeddingOwner] = [:]
    owners.reserveCapacity(result.rows.count)
    for values in result.rows {
      var row = RowReader(table: "embeddings", columns: result.columns, values: values)
      owners[try row.integer()] = EmbeddingOwner(
        kind: try row.name(EmbeddingOwner.Kind.self), id: try row.text(),
        part: Int(try row.integer()))
    }
    return owners
  }

  /// The stored vectors of texts, by the SHA-256 of the text: a text embedded before need not be
  /// embedded again.
  public func cachedVectors(
    contentHashes: [String], model: String
  ) async throws(DurableStoreError) -> [String: [Float]] {
    let result = try await read(
      """
      SELECT m.content_hash, m.vector FROM embeddings AS m WHERE m.id IN (
        SELECT min(id) FROM embeddings
        WHERE content_hash IN (SELECT value FROM json_each(?1)) AND model = ?2
        GROUP BY content_hash
      )
      """, [.text(JSONColumns.strings(contentHashes)), .text(model)])
    var vectors: [String: [Float]] = [:]
    for values in result.rows {
      var row = RowReader(table: "embeddings", columns: result.columns, values: values)
      vectors[try row.text()] = try EmbeddingRow.vector(&row)
    }
    return vectors
  }

  static func embeddings(
    _ result: SQLResult
  ) throws(DurableStoreError) -> [StoredEmbedding] {
    var embeddings: [StoredEmbedding] = []
    embeddings.reserveCapacity(result.rows.count)
    for values in result.rows {
      embeddings.append(try EmbeddingRow.decode(values, columns: result.columns))
    }
    return embeddings
  }
}
