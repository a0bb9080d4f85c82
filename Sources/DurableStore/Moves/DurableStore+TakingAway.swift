package import Episodes

// What a move of a namespace takes away is kept elsewhere. Each transaction begins with a look at the log of changes: a
// record that was written since it was compared breaks a rule of the table, and nothing is taken away.
extension DurableStore {
  /// Deletes episodes with their parts and links, and nothing of what was learned from them. They are not forgotten.
  ///
  /// - Parameter sequence: ``lastChangeSequence()`` before they were read.
  /// - Returns: nil where one of them, or a link or recommendation of one, was written since, or the log was trimmed;
  ///   nothing is deleted then. Otherwise how many there were.
  /// - Complexity: linear in the changes since.
  package func takeAway(
    episodes ids: [String], unchangedSince sequence: Int64
  ) async throws(DurableStoreError) -> Int? {
    let list = SQLValue.text(JSONColumns.strings(ids))
    let results = try await guarded(
      Self.check(
        """
        SELECT 1 FROM changes AS c WHERE c.sequence > ?1 AND c.operation <> 'delete' AND (
          c.kind = 'episode' AND c.record_id IN (SELECT value FROM json_each(?2))
          OR c.kind = 'relationship' AND EXISTS (
            SELECT 1 FROM relationships AS r WHERE r.id = c.record_id AND (
              r.from_id IN (SELECT value FROM json_each(?2))
              OR r.to_id IN (SELECT value FROM json_each(?2))
            )
          )
        )
        UNION ALL
        SELECT 1 FROM recommendations AS k JOIN episodes AS e ON e.id = k.episode_id
        WHERE e.id IN (SELECT value FROM json_each(?2)) AND e.namespace = k.namespace
        """, sequence, list),
      [
        SQLStatement("DELETE FROM episodes WHERE id IN (SELECT value FROM json_each(?1))", [list])
      ])
    return results?[0].affectedRowCount
  }

  /// Deletes patterns, heuristics and recommendations. Episodes go on to name them.
  ///
  /// - Parameters:
  ///   - recommendations: as they were read; one that has got feedback since stays.
  ///   - sequence: ``lastChangeSequence()`` before they were read.
  /// - Returns: whether they are gone: not where one of the patterns or heuristics was written since, or the log was
  ///   trimmed.
  package func takeAway(
    patterns: [String], heuristics: [String], recommendations: [RecommendationRecord],
    unchangedSince sequence: Int64
  ) async throws(DurableStoreError) -> Bool {
    let lists = [patterns, heuristics].map { SQLValue.text(JSONColumns.strings($0)) }
    func named(_ parameter: Int) -> String { "IN (SELECT value FROM json_each(?\(parameter)))" }
    var writer = JSONWriter()
    var isFirst = true
    writer.raw("[")
    for record in recommendations {
      writer.separate(&isFirst)
      writer.strings([record.id, record.feedbackMark])
    }
    writer.raw("]")
    let results = try await guarded(
      Self.check(
        """
        SELECT 1 FROM changes AS c WHERE c.sequence > ?1 AND c.operation <> 'delete' AND (
          c.kind = 'pattern' AND c.record_id \(named(2))
          OR c.kind = 'heuristic' AND c.record_id \(named(3))
        )
        """, sequence, lists[0], lists[1]),
      [
        // Before the patterns, which take their part of a recommendation with them.
        SQLStatement(
          """
          DELETE FROM recommendations WHERE id IN (
            SELECT json_extract(k.value, '$[0]') FROM json_each(?1) AS k
            WHERE json_extract(k.value, '$[1]') = (
              SELECT count(effect) || ' ' || coalesce(max(effect_at), '')
              FROM recommended_patterns WHERE recommendation = json_extract(k.value, '$[0]')
            )
          )
          """, [.text(writer.text)]),
        SQLStatement("DELETE FROM heuristics WHERE id \(named(1))", [lists[1]]),
        SQLStatement("DELETE FROM patterns WHERE id \(named(1))", [lists[0]]),
      ])
    return results != nil
  }

  /// Replaces an episode as a whole, unless it was written since it was read.
  ///
  /// - Parameter sequence: ``lastChangeSequence()`` before it was read.
  /// - Throws: ``DurableStoreError/changedMeanwhile(_:id:)``, and as ``update(_:embeddings:expectedRevision:)``.
  package func update(
    _ episode: Episode, embeddings: [Embedding], unchangedSince sequence: Int64
  ) async throws(DurableStoreError) {
    let list = SQLValue.text(JSONColumns.strings([episode.id]))
    _ = try await replace(
      episode, embeddings: embeddings,
      check: Self.check(
        """
        SELECT 1 FROM changes AS c WHERE c.sequence > ?1
          AND c.kind = 'episode' AND c.record_id IN (SELECT value FROM json_each(?2))
        """, sequence, list))
  }

  /// Breaks a rule of the table where `changed` selects anything, or the log does not reach back to `sequence`, `?1`.
  private static func check(
    _ changed: String, _ sequence: Int64, _ lists: SQLValue...
  ) -> SQLStatement {
    SQLStatement(
      """
      UPDATE learning_state SET revision = CASE WHEN NOT EXISTS (\(changed))
        AND coalesce((SELECT min(sequence) FROM changes), ?1 + 1) <= ?1 + 1
      THEN revision END
      """, [.integer(sequence)] + lists)
  }

  /// - Returns: nil where the check breaks its rule.
  private func guarded(
    _ check: SQLStatement, _ statements: [SQLStatement]
  ) async throws(DurableStoreError) -> [SQLResult]? {
    do throws(SQLError) {
      return Array(try await backend.write([check] + statements).dropFirst())
    } catch {
      if error.kind == .constraintViolation, error.statementIndex == 0 { return nil }
      throw .database(error)
    }
  }
}

extension RecommendationRecord {
  /// What feedback changes, as the statement above puts it together.
  fileprivate var feedbackMark: String {
    let latest = items.compactMap { $0.effectAt?.nanosecondsSince1970 }.max()
    return "\(items.count { $0.effect != nil }) \(latest.map(String.init) ?? "")"
  }
}
