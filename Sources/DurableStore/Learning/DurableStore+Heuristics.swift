public import Episodes

extension DurableStore {
  static let heuristicColumns =
    "id, namespace, condition, action, confidence, evidence, created_at, updated_at"

  /// Stores a heuristic, or replaces the one with its id.
  ///
  /// - Parameters:
  ///   - heuristic: what it shall be.
  ///   - expectedUpdate: with a value, the stored one is replaced only if it was last updated at that
  ///     time.
  /// - Throws: ``DurableStoreError/changedMeanwhile(_:id:)``, ``DurableStoreError/invalid(_:)``.
  public func put(
    _ heuristic: Heuristic, expectedUpdate: Timestamp? = nil
  ) async throws(DurableStoreError) {
    do throws(ValidationError) {
      try Identifier.check(heuristic.id, field: "id")
      try Identifier.check(heuristic.namespace, field: "namespace")
      try StoreRules.check(finite: heuristic.confidence, field: "confidence")
    } catch {
      throw .invalid(error)
    }
    let result = try await write(
      """
      INSERT INTO heuristics (\(Self.heuristicColumns)) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
      WHERE ?9 IS NULL OR EXISTS (SELECT 1 FROM heuristics WHERE id = ?1)
      ON CONFLICT (id) DO UPDATE SET
        namespace = excluded.namespace, condition = excluded.condition, action = excluded.action,
        confidence = excluded.confidence, evidence = excluded.evidence,
        created_at = excluded.created_at, updated_at = excluded.updated_at
      WHERE ?9 IS NULL OR heuristics.updated_at = ?9
      """,
      [
        .text(heuristic.id), .text(heuristic.namespace), .text(heuristic.condition),
        .text(heuristic.action),
        .real(heuristic.confidence), .text(JSONColumns.strings(heuristic.evidence)),
        .integer(heuristic.createdAt.nanosecondsSince1970),
        .integer(heuristic.updatedAt.nanosecondsSince1970),
        SQLValue(expectedUpdate?.nanosecondsSince1970),
      ])
    guard result.affectedRowCount > 0 else {
      throw .changedMeanwhile(.heuristic, id: heuristic.id)
    }
  }

  /// The heuristic with this id, or nil.
  public func heuristic(id: String) async throws(DurableStoreError) -> Heuristic? {
    try Self.heuristics(
      await read("SELECT \(Self.heuristicColumns) FROM heuristics WHERE id = ?1", [.text(id)])
    ).first
  }

  static func lookUp(heuristics ids: [String]) -> SQLStatement {
    let columns = heuristicColumns
    return SQLStatement(
      "SELECT \(columns) FROM heuristics WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id",
      [.text(JSONColumns.strings(ids))])
  }

  /// Heuristics in the order of their ids.
  ///
  /// - Parameters:
  ///   - namespace: of this namespace only.
  ///   - id: the last id of the page before.
  ///   - limit: the most to return.
  public func heuristics(
    namespace: String? = nil, after id: String = "", limit: Int
  ) async throws(DurableStoreError) -> [Heuristic] {
    let statement = Self.heuristicsStatement(namespace: namespace, after: id, limit: limit)
    return try Self.heuristics(await read([statement])[0])
  }

  static func heuristicsStatement(
    namespace: String? = nil, after id: String, limit: Int
  ) -> SQLStatement {
    var condition = SQLCondition()
    condition.add("id > ?", .text(id))
    if let namespace { condition.add("namespace = ?", .text(namespace)) }
    let limitParameter = condition.parameter(.integer(Int64(max(0, limit))))
    return SQLStatement(
      "SELECT \(heuristicColumns) FROM heuristics WHERE \(condition.sql) ORDER BY id LIMIT \(limitParameter)",
      condition.arguments)
  }

  /// Deletes heuristics.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func deleteHeuristics(ids: [String]) async throws(DurableStoreError) -> Int {
    try await write(
      "DELETE FROM heuristics WHERE id IN (SELECT value FROM json_each(?1))",
      [.text(JSONColumns.strings(ids))]
    ).affectedRowCount
  }

  static func heuristics(_ result: SQLResult) throws(DurableStoreError) -> [Heuristic] {
    var heuristics: [Heuristic] = []
    for values in result.rows {
      var row = RowReader(table: "heuristics", columns: result.columns, values: values)
      heuristics.append(
        Heuristic(
          id: try row.text(), namespace: try row.text(), condition: try row.text(),
          action: try row.text(),
          confidence: try row.real(), evidence: try row.json(JSONColumns.strings),
          createdAt: try row.timestamp(), updatedAt: try row.timestamp()))
    }
    return heuristics
  }
}
