import Episodes

extension DurableStore {
  /// How many recommendations without an episode are kept: those with one go with it.
  static let recommendationsMax = 10_000
  /// How many recommendations of one episode are kept.
  static let recommendationsOfEpisodeMax = 1000

  /// Stores what was recommended, and counts that its patterns were, in one transaction. Of those without an
  /// episode only the latest 10,000 stay.
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
    var statements = [Self.insertion(of: record)]
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
    if let episodeID = record.episodeID {
      statements.append(
        SQLStatement(
          """
          DELETE FROM recommendations WHERE rowid IN (
            SELECT rowid FROM recommendations WHERE episode_id = ?1
            ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET ?2
          )
          """, [.text(episodeID), .integer(Int64(Self.recommendationsOfEpisodeMax))]))
    } else {
      statements.append(Self.purge(keeping: Self.recommendationsMax))
    }
    _ = try await write(statements)
  }

  /// - Parameter orNothing: whether a recommendation that is stored stays as it is; else that is refused.
  static func insertion(
    of record: RecommendationRecord, orNothing: Bool = false
  ) -> SQLStatement {
    SQLStatement(
      """
      INSERT INTO recommendations (id, namespace, task, context, episode_id, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6) \(orNothing ? "ON CONFLICT DO NOTHING" : "")
      """,
      [
        .text(record.id), .text(record.namespace), .text(record.task),
        SQLValue(record.context.map(JSONColumns.context)), SQLValue(record.episodeID),
        .integer(record.createdAt.nanosecondsSince1970),
      ])
  }

  static func purge(keeping count: Int) -> SQLStatement {
    SQLStatement(
      """
      DELETE FROM recommendations WHERE rowid IN (
        SELECT rowid FROM recommendations WHERE episode_id IS NULL
        ORDER BY created_at DESC LIMIT -1 OFFSET ?1
      )
      """, [.integer(Int64(count))])
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
}
