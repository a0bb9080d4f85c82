public import Episodes

extension DurableStore {
  /// Stores a pattern, or replaces the one with its id.
  ///
  /// - Parameters:
  ///   - pattern: what it shall be.
  ///   - embeddings: owned by the pattern; they replace those of the same part and model.
  ///   - expectedUpdate: with a value, the stored pattern is replaced only if it was last updated at
  ///     that time; otherwise two writers that merged into one pattern would undo each other.
  /// - Throws: ``DurableStoreError/changedMeanwhile(_:id:)``, ``DurableStoreError/invalid(_:)``.
  @discardableResult
  public func put(
    _ pattern: Pattern, embeddings: [Embedding] = [], expectedUpdate: Timestamp? = nil
  ) async throws(DurableStoreError) -> WriteOutcome {
    try Self.validate(pattern, embeddings: embeddings)
    let existing = SQLStatement(
      "SELECT count(*) FROM patterns WHERE id = ?1", [.text(pattern.id)])
    let put = SQLStatement(
      PatternRow.put,
      PatternRow.arguments(pattern) + [SQLValue(expectedUpdate?.nanosecondsSince1970)])
    let statements =
      [existing, put] + PatternRow.keyStatements(pattern)
      + (try Self.statements(putting: embeddings))
    let results: [SQLResult]
    do {
      results = try await backend.write(statements)
    } catch {
      if error.kind == .constraintViolation && expectedUpdate != nil {
        throw .changedMeanwhile(.pattern, id: pattern.id)
      }
      throw .database(error)
    }
    guard results[1].affectedRowCount > 0 else {
      throw .changedMeanwhile(.pattern, id: pattern.id)
    }
    return Self.outcome(
      ofPutting: results[4...],
      disposition: results[0].firstInteger == 0 ? .inserted : .replaced)
  }

  /// The pattern with this id, or nil.
  ///
  /// - Throws: ``DurableStoreError/corrupt(table:column:problem:)`` for one whose row is damaged, which listings
  ///   leave out.
  public func pattern(id: String) async throws(DurableStoreError) -> Pattern? {
    let result = try await read(
      "SELECT \(PatternRow.selection) FROM patterns WHERE id = ?1", [.text(id)])
    guard let values = result.rows.first else { return nil }
    return try PatternRow.decode(values, columns: result.columns)
  }

  /// The patterns with these ids, in the order of the ids; those that are not stored are left out, and those
  /// whose rows are damaged.
  public func patterns(ids: [String]) async throws(DurableStoreError) -> [Pattern] {
    Self.patterns(try await read([Self.lookUp(patterns: ids)])[0])
  }

  static func lookUp(patterns ids: [String]) -> SQLStatement {
    let columns = PatternRow.columns.map { "p.\($0)" }.joined(separator: ", ")
    return SQLStatement(
      """
      SELECT \(columns) FROM json_each(?1) AS wanted
      CROSS JOIN patterns AS p ON p.id = wanted.value ORDER BY wanted.key
      """, [.text(JSONColumns.strings(ids))])
  }

  /// Patterns in the order of their ids. Those whose rows are damaged are left out: one must not keep the others
  /// from being used. ``checkIntegrity()`` names them.
  ///
  /// - Parameters:
  ///   - namespace: of this namespace only.
  ///   - kind: of this kind only.
  ///   - domain: of this domain only.
  ///   - id: the last id of the page before.
  ///   - limit: the most to return.
  public func patterns(
    namespace: String? = nil, kind: PatternKind.Name? = nil, domain: String? = nil,
    after id: String = "", limit: Int
  ) async throws(DurableStoreError) -> [Pattern] {
    try await Self.page(after: id, limit: limit) { (id, limit) throws(DurableStoreError) in
      try await read([
        Self.patternsStatement(
          namespace: namespace, kind: kind, domain: domain, after: id, limit: limit)
      ])[0]
    }
  }

  /// A page of sound patterns, so that a page that is not full is the last.
  ///
  /// - Parameter rows: the rows after an id, in the order of the ids, and at most so many.
  static func page<Failure: Error>(
    after id: String, limit: Int, rows: (String, Int) async throws(Failure) -> SQLResult
  ) async throws(Failure) -> [Pattern] {
    var page: [Pattern] = []
    var last = id
    while page.count < limit {
      let result = try await rows(last, limit - page.count)
      page += patterns(result)
      guard case .text(let end)? = result.rows.last?.first else { break }
      last = end
    }
    return page
  }

  static func patternsStatement(
    namespace: String? = nil, kind: PatternKind.Name?, domain: String?, after id: String,
    limit: Int
  ) -> SQLStatement {
    var condition = SQLCondition()
    condition.add("id > ?", .text(id))
    if let namespace { condition.add("namespace = ?", .text(namespace)) }
    if let kind { condition.add("kind = ?", .text(kind.rawValue)) }
    if let domain { condition.add("domain = ?", .text(domain)) }
    let limitParameter = condition.parameter(.integer(Int64(max(0, limit))))
    return SQLStatement(
      "SELECT \(PatternRow.selection) FROM patterns WHERE \(condition.sql) "
        + "ORDER BY id LIMIT \(limitParameter)", condition.arguments)
  }

  /// Counts one use of a pattern; concurrent uses all count.
  ///
  /// - Throws: ``DurableStoreError/notFound(_:id:)``.
  public func recordUse(
    ofPattern id: String, _ use: PatternUse
  ) async throws(DurableStoreError) {
    let application = use.application
    do {
      try StoreRules.check(finite: application?.rewardDelta ?? 0, field: "rewardDelta")
    } catch {
      throw .invalid(error)
    }
    let result = try await write(
      """
      UPDATE patterns SET
        times_retrieved = times_retrieved + ?2,
        average_reward_delta =
          (average_reward_delta * times_applied + ?6) / max(1, times_applied + ?3),
        times_applied = times_applied + ?3,
        success_when_applied = success_when_applied + ?4,
        failure_when_applied = failure_when_applied + ?5,
        last_used = max(coalesce(last_used, ?7), ?7)
      WHERE id = ?1
      """,
      [
        .text(id), .integer(use.wasRetrieved ? 1 : 0), .integer(application == nil ? 0 : 1),
        .integer(application?.succeeded == true ? 1 : 0),
        .integer(application?.succeeded == false ? 1 : 0),
        .real(application?.rewardDelta ?? 0), .integer(use.time.nanosecondsSince1970),
      ])
    guard result.affectedRowCount > 0 else { throw .notFound(.pattern, id: id) }
  }

  /// Deletes patterns and their embeddings.
  @discardableResult
  public func deletePatterns(ids: [String]) async throws(DurableStoreError) -> DeleteOutcome {
    let list: [SQLValue] = [.text(JSONColumns.strings(ids))]
    let results = try await write([
      SQLStatement(
        """
        DELETE FROM embeddings WHERE pattern IN (
          SELECT rowid FROM patterns WHERE id IN (SELECT value FROM json_each(?1))
        ) RETURNING id
        """, list),
      SQLStatement("DELETE FROM patterns WHERE id IN (SELECT value FROM json_each(?1))", list),
    ])
    return DeleteOutcome(
      deletedCount: results[1].affectedRowCount, removedEmbeddingIDs: results[0].integers)
  }

  /// The patterns of rows, without those that are damaged.
  static func patterns(_ result: SQLResult) -> [Pattern] {
    result.rows.compactMap { try? PatternRow.decode($0, columns: result.columns) }
  }

  private static func validate(
    _ pattern: Pattern, embeddings: [Embedding]
  ) throws(DurableStoreError) {
    do throws(ValidationError) {
      try pattern.validate()
      for embedding in embeddings
      where embedding.owner.kind != .pattern || embedding.owner.id != pattern.id {
        throw ValidationError(
          field: "embedding.owner",
          problem: "is \(embedding.owner.kind.rawValue) '\(embedding.owner.id)'",
          expected: "the pattern '\(pattern.id)'")
      }
    } catch {
      throw .invalid(error)
    }
  }
}
