import Episodes

extension DurableStore {
  /// The recommendations of a namespace in the order of their ids.
  ///
  /// - Parameters:
  ///   - id: the last id of the page before.
  ///   - limit: the most to return.
  package func recommendations(
    namespace: String, after id: String = "", limit: Int
  ) async throws(DurableStoreError) -> [RecommendationRecord] {
    let ids = try await read(
      "SELECT id FROM recommendations WHERE namespace = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
      [.text(namespace), .text(id), .integer(Int64(max(0, limit)))]
    ).texts
    return try await recommendations(ids: ids)
  }

  /// The recommendations with these ids, in the order of their ids; those that are not stored are left out.
  package func recommendations(
    ids: [String]
  ) async throws(DurableStoreError) -> [RecommendationRecord] {
    if ids.isEmpty { return [] }
    let list: [SQLValue] = [.text(JSONColumns.strings(ids))]
    let results = try await read([
      SQLStatement(
        """
        SELECT id, namespace, task, context, episode_id, created_at FROM recommendations
        WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id
        """, list),
      SQLStatement(
        """
        SELECT recommendation, pattern_id, score, effect, effect_at FROM recommended_patterns
        WHERE recommendation IN (SELECT value FROM json_each(?1))
        ORDER BY recommendation, position
        """, list),
    ])
    var items: [String: [RecommendationRecord.Item]] = [:]
    for values in results[1].rows {
      var row = RowReader(
        table: "recommended_patterns", columns: results[1].columns, values: values)
      items[try row.text(), default: []].append(
        RecommendationRecord.Item(
          patternID: try row.text(), score: try row.real(),
          effect: try row.optionalName(AppliedPattern.Effect.self),
          effectAt: try row.optionalTimestamp()))
    }
    var records: [RecommendationRecord] = []
    for values in results[0].rows {
      var row = RowReader(table: "recommendations", columns: results[0].columns, values: values)
      let id = try row.text()
      records.append(
        RecommendationRecord(
          id: id, namespace: try row.text(), task: try row.text(),
          context: try row.optionalJSON(JSONColumns.context), episodeID: try row.optionalText(),
          createdAt: try row.timestamp(), items: items[id] ?? []))
    }
    return records
  }

  /// Stores recommendations of another store as they are, feedback included. Of one that is stored nothing changes but
  /// that feedback is added where it has none.
  ///
  /// Unlike ``insert(_:)`` it counts no use of a pattern: that is counted already.
  package func add(_ records: [RecommendationRecord]) async throws(DurableStoreError) {
    if records.isEmpty { return }
    var statements: [SQLStatement] = []
    for record in records {
      statements.append(Self.insertion(of: record, orNothing: true))
      for (position, item) in record.items.enumerated() {
        statements.append(
          SQLStatement(
            """
            INSERT INTO recommended_patterns
              (recommendation, pattern_id, position, score, effect, effect_at)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (
              SELECT 1 FROM recommendations WHERE id = ?1 AND namespace = ?7 AND task = ?8
            )
            ON CONFLICT DO UPDATE SET effect = excluded.effect, effect_at = excluded.effect_at
            WHERE recommended_patterns.effect IS NULL AND excluded.effect IS NOT NULL
            """,
            [
              .text(record.id), .text(item.patternID), .integer(Int64(position)),
              .real(item.score), SQLValue(item.effect?.rawValue),
              SQLValue(item.effectAt?.nanosecondsSince1970), .text(record.namespace),
              .text(record.task),
            ]))
      }
    }
    _ = try await write(statements)
  }
}
