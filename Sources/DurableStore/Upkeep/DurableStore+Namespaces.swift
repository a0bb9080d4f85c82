import Episodes

extension DurableStore {
  /// The namespaces that have episodes, in the order of their names.
  ///
  /// - Complexity: linear in the number of episodes.
  public func namespaceSummaries() async throws(DurableStoreError) -> [NamespaceSummary] {
    let result = try await read(
      """
      SELECT namespace, count(*),
        count(*) FILTER (WHERE outcome_kind IS NULL AND end_time IS NULL),
        count(DISTINCT agent_id), count(DISTINCT session_id), min(start_time), max(start_time)
      FROM episodes GROUP BY namespace ORDER BY namespace
      """)
    var summaries: [NamespaceSummary] = []
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      summaries.append(
        NamespaceSummary(
          namespace: try row.text(), episodes: Int(try row.integer()),
          unfinished: Int(try row.integer()), agents: Int(try row.integer()),
          sessions: Int(try row.integer()), firstStart: try row.timestamp(),
          lastStart: try row.timestamp()))
    }
    return summaries
  }

  /// The namespaces of episodes, by id; those that are not stored are left out.
  public func namespaces(
    ofEpisodes ids: [String]
  ) async throws(DurableStoreError) -> [String: String] {
    let result = try await read(
      """
      SELECT e.id, e.namespace FROM json_each(?1) AS wanted
      CROSS JOIN episodes AS e ON e.id = wanted.value
      """, [.text(JSONColumns.strings(ids))])
    var namespaces: [String: String] = [:]
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      namespaces[try row.text()] = try row.text()
    }
    return namespaces
  }

  /// The namespaces of episodes and their rows, which rise in the order in which they were stored; those that are not
  /// stored are left out.
  public func places(
    ofEpisodes ids: [String]
  ) async throws(DurableStoreError) -> [String: (namespace: String, rowID: Int64)] {
    let result = try await read(
      "SELECT id, namespace, rowid FROM episodes WHERE id IN (SELECT value FROM json_each(?1))",
      [.text(JSONColumns.strings(ids))])
    var places: [String: (namespace: String, rowID: Int64)] = [:]
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      places[try row.text()] = (try row.text(), try row.integer())
    }
    return places
  }

  /// Moves some episodes of a namespace to another. Called until it returns none, it moves all of them, and goes
  /// on where it was cut off.
  ///
  /// - Returns: the ids of the episodes that were moved, at most ``upkeepBatchMax``.
  public func moveEpisodes(
    fromNamespace old: String, to new: String
  ) async throws(DurableStoreError) -> [String] {
    do {
      try Identifier.check(new, field: "namespace")
    } catch {
      throw .invalid(error)
    }
    if old == new { return [] }
    let results = try await write([
      SQLStatement(
        """
        UPDATE episodes SET namespace = ?2
        WHERE rowid IN (SELECT rowid FROM episodes WHERE namespace = ?1 LIMIT ?3)
        RETURNING id
        """, [.text(old), .text(new), .integer(Int64(Self.upkeepBatchMax))]),
      // Whoever learns from them in the old namespace just now must read them again.
      SQLStatement("UPDATE learning_state SET revision = revision + 1"),
    ])
    return results[0].texts
  }
}
