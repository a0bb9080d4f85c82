extension DurableStore {
  private static let countedTables = [
    "episodes", "steps", "tags", "checkpoints", "relationships", "patterns", "heuristics",
    "embeddings", "index_segments", "segment_chunks", "changes", "forgotten", "episode_access",
  ]

  /// Counts rows and bytes.
  ///
  /// - Complexity: linear in the number of rows, through the smallest index of each table.
  public func statistics() async throws(DurableStoreError) -> StoreStatistics {
    var statements = Self.countedTables.map { table in
      // Forgotten episodes, not the codes of their contents.
      let condition = table == "forgotten" ? " WHERE NOT (\(ForgottenContent.isContent))" : ""
      return SQLStatement("SELECT count(*) FROM \(table)\(condition)")
    }
    statements.append(
      SQLStatement(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"))
    let results = try await read(statements)
    var counts: [String: Int] = [:]
    for (table, result) in zip(Self.countedTables, results) {
      counts[table] = Int(result.firstInteger ?? 0)
    }
    return StoreStatistics(
      rowCounts: counts,
      byteCount: backend.fileByteCount() ?? Int(results.last?.firstInteger ?? 0),
      lastChangeSequence: try await lastChangeSequence(), statements: backend.statistics)
  }

  /// Answers when the database does.
  public func ping() async throws(DurableStoreError) {
    _ = try await read("SELECT 1")
  }

  /// Looks for damage: of the file, of references between tables, and of the indexes that follow
  /// from them.
  ///
  /// - Returns: a sentence for each problem; empty when all is well. Damage that cannot be read past is the only one.
  /// - Complexity: reads the whole database.
  public func checkIntegrity() async throws(DurableStoreError) -> [String] {
    do throws(DurableStoreError) {
      return try await integrityProblems()
    } catch {
      // Damage that ends the look for damage is what was looked for.
      guard case .database(let problem) = error, DamagedStore.isReason(problem) else { throw error }
      return [problem.message]
    }
  }

  private func integrityProblems() async throws(DurableStoreError) -> [String] {
    var problems: [String] = []
    let results = try await read([
      SQLStatement("SELECT integrity_check FROM pragma_integrity_check() LIMIT 100"),
      SQLStatement(
        "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' refers to a missing row of ' "
          + "|| \"parent\" FROM pragma_foreign_key_check() LIMIT 100"),
    ])
    for values in results[0].rows + results[1].rows {
      if case .text(let problem)? = values.first, problem != "ok" { problems.append(problem) }
    }
    for (query, problem) in Self.consistencyQueries {
      let count = try await read(query).firstInteger ?? 0
      if count != 0 { problems.append("\(count) \(problem)") }
    }
    problems += try await contentProblems()
    let key = try await read(
      "SELECT value FROM store_properties WHERE name = ?1",
      [.text(ForgottenContent.keyProperty)]
    ).rows.first
    if let key, ForgottenContent(key: Self.text(key)) == nil {
      problems.append(
        "the key by which forgotten content is told is damaged: copies of it under other ids come back"
      )
    }
    return problems
  }

  private static func text(_ row: [SQLValue]) -> String {
    if case .text(let text)? = row.first { text } else { "" }
  }

  /// Each counts what should not be there.
  private static let consistencyQueries: [(sql: String, problem: String)] = [
    (
      """
      SELECT count(*) FROM (
        SELECT e.rowid, e.start_time, t.value FROM episodes AS e, json_each(e.tags) AS t
        UNION
        SELECT e.rowid, e.start_time, t.value FROM episodes AS e, json_each(e.context_tags) AS t
        EXCEPT SELECT episode, start_time, name FROM tags
      )
      """,
      "tags of episodes are not in the tag index"
    ),
    (
      "SELECT count(*) FROM episodes WHERE step_count < 0",
      "episodes are half rewritten"
    ),
    (
      "SELECT count(*) FROM forgotten WHERE id IN (SELECT id FROM episodes)",
      "episodes are stored that were forgotten"
    ),
    (
      """
      SELECT count(*) FROM index_segments AS s WHERE is_complete AND byte_count <> (
        SELECT coalesce(sum(length(data)), 0) FROM segment_chunks WHERE segment = s.id)
      """,
      "segments lack some of their bytes"
    ),
  ]
}
