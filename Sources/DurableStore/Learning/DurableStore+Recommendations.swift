public import Episodes

extension DurableStore {
  /// Stores what was recommended, and counts that its patterns were, in one transaction.
  ///
  /// - Throws: ``DurableStoreError/invalid(_:)``.
  public func insert(_ record: RecommendationRecord) async throws(DurableStoreError) {
    do throws(ValidationError) {
      try Identifier.check(record.id, field: "id")
      try Identifier.check(record.namespace, field: "namespace")
      if let episodeID = record.episodeID { try Identifier.check(episodeID, field: "episodeID") }
    } catch {
      throw .invalid(error)
    }
    var statements = [
      SQLStatement(
        """
        INSERT INTO recommendations (id, namespace, task, context, episode_id, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """,
        [
          .text(record.id), .text(record.namespace), .text(record.task),
          SQLValue(record.context.map(JSONColumns.context)), SQLValue(record.episodeID),
          .integer(record.createdAt.nanosecondsSince1970),
        ])
    ]
    for (position, item) in record.items.enumerated() {
      statements.append(
        SQLStatement(
          """
          INSERT INTO recommended_patterns (recommendation, pattern_id, position, score)
          VALUES (?1, ?2, ?3, ?4)
          """,
          [
            .text(record.id), .text(item.patternID), .integer(Int64(position)),
            .real(item.score),
          ]))
    }
    // Being recommended is no proof of anything: the time of last use is left alone.
    statements.append(
      SQLStatement(
        """
        UPDATE patterns SET times_retrieved = times_retrieved + 1
        WHERE id IN (SELECT value FROM json_each(?1))
        """, [.text(JSONColumns.strings(record.items.map(\.patternID)))]))
    _ = try await write(statements)
  }

  /// The recommendation with this id, or nil.
  public func recommendation(id: String) async throws(DurableStoreError) -> RecommendationRecord? {
    let results = try await read([
      SQLStatement(
        """
        SELECT namespace, task, context, episode_id, created_at FROM recommendations WHERE id = ?1
        """, [.text(id)]),
      SQLStatement(
        """
        SELECT pattern_id, score, effect, effect_at FROM recommended_patterns
        WHERE recommendation = ?1 ORDER BY position
        """, [.text(id)]),
    ])
    guard let values = results[0].rows.first else { return nil }
    var row = RowReader(table: "recommendations", columns: results[0].columns, values: values)
    var record = RecommendationRecord(
      id: id, namespace: try row.text(), task: try row.text(),
      context: try row.optionalJSON(JSONColumns.context), episodeID: try row.optionalText(),
      createdAt: try row.timestamp(), items: [])
    for values in results[1].rows {
      var row = RowReader(
        table: "recommended_patterns", columns: results[1].columns, values: values)
      record.items.append(
        RecommendationRecord.Item(
          patternID: try row.text(), score: try row.real(),
          effect: try row.optionalName(AppliedPattern.Effect.self),
          effectAt: try row.optionalTimestamp()))
    }
    return record
  }

  /// Records what using a recommended pattern did. Said again it replaces what was said before, and is not
  /// counted twice.
  ///
  /// While the episode of the recommendation is unfinished the pattern becomes one of those it applied, and
  /// counts when something is learned from the episode; otherwise it counts at once.
  ///
  /// - Parameters:
  ///   - id: the recommendation.
  ///   - patternID: one of its patterns.
  ///   - previous: the effect that is stored.
  /// - Throws: ``DurableStoreError/changedMeanwhile(_:id:)`` when another effect is stored than `previous`.
  public func recordFeedback(
    recommendation id: String, pattern patternID: String, effect: AppliedPattern.Effect,
    replacing previous: AppliedPattern.Effect?, at time: Timestamp
  ) async throws(DurableStoreError) {
    func counts(_ effect: AppliedPattern.Effect?) -> (success: Int64, failure: Int64) {
      (effect == .helped ? 1 : 0, effect == .hindered ? 1 : 0)
    }
    let (new, old) = (counts(effect), counts(previous))
    let applied = JSONColumns.appliedPatterns([AppliedPattern(patternID: patternID, effect: effect)]
    )
    let statements = [
      // Breaks a rule of the table, and with it the transaction, if another effect is stored.
      SQLStatement(
        """
        UPDATE recommended_patterns SET effect = ?3, effect_at = ?5,
          position = CASE WHEN effect IS ?4 THEN position END
        WHERE recommendation = ?1 AND pattern_id = ?2
        """,
        [
          .text(id), .text(patternID), .text(effect.rawValue), SQLValue(previous?.rawValue),
          .integer(time.nanosecondsSince1970),
        ]),
      SQLStatement(
        """
        UPDATE patterns SET
          times_applied = times_applied + ?3,
          success_when_applied = success_when_applied + ?4,
          failure_when_applied = failure_when_applied + ?5,
          last_used = max(coalesce(last_used, ?6), ?6)
        WHERE id = ?2 AND NOT EXISTS (
          SELECT 1 FROM recommendations AS r JOIN episodes AS e ON e.id = r.episode_id
          WHERE r.id = ?1 AND (e.outcome IS NULL OR EXISTS (
            SELECT 1 FROM json_each(e.applied_patterns) AS a
            WHERE json_extract(a.value, '$.patternID') = ?2
          ))
        )
        """,
        [
          .text(id), .text(patternID), .integer(previous == nil ? 1 : 0),
          .integer(new.success - old.success), .integer(new.failure - old.failure),
          .integer(time.nanosecondsSince1970),
        ]),
      SQLStatement(
        """
        UPDATE episodes SET applied_patterns = (
          SELECT json_group_array(json(value)) FROM (
            SELECT value, key, 0 AS part FROM json_each(episodes.applied_patterns)
            WHERE json_extract(value, '$.patternID') <> ?2
            UNION ALL SELECT value, key, 1 FROM json_each(?3)
            ORDER BY part, key
          )
        )
        WHERE id = (SELECT episode_id FROM recommendations WHERE id = ?1) AND outcome IS NULL
        """, [.text(id), .text(patternID), .text(applied)]),
    ]
    let results: [SQLResult]
    do {
      results = try await backend.write(statements)
    } catch {
      if error.kind == .constraintViolation { throw .changedMeanwhile(.pattern, id: patternID) }
      throw .database(error)
    }
    guard results[0].affectedRowCount > 0 else { throw .notFound(.pattern, id: patternID) }
  }
}
