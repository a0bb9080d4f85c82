public import Episodes

extension DurableStore {
  /// Says that one episode replaces another, in one transaction: the old one names its successor and is valid
  /// until `time`, unless it ended before; the new one is valid from then on, unless it says since when.
  ///
  /// - Throws: ``DurableStoreError/notFound(_:id:)``; ``DurableStoreError/invalid(_:)`` when the two are one,
  ///   are of different namespaces, the old one has a successor or became valid later, or the new one was
  ///   replaced, directly or not, by the old one.
  public func supersede(
    _ oldID: String, by newID: String, at time: Timestamp
  ) async throws(DurableStoreError) {
    let arguments: [SQLValue] = [
      .text(oldID), .text(newID), .integer(time.nanosecondsSince1970),
      // Whoever read one of them before, to change it, must read it again.
      .integer(Int64.random(in: 1...Int64.max / 2)),
    ]
    let results = try await write([
      SQLStatement(
        """
        UPDATE episodes SET superseded_by = ?2, valid_until = min(coalesce(valid_until, ?3), ?3),
          revision = ?4
        WHERE id = ?1 AND ?1 <> ?2 AND superseded_by IS NULL AND coalesce(valid_from, ?3) <= ?3
          AND EXISTS (
            SELECT 1 FROM episodes AS n WHERE n.id = ?2 AND n.namespace = episodes.namespace
          )
          AND NOT EXISTS (
            WITH RECURSIVE later (id) AS (
              SELECT ?2
              UNION
              SELECT e.superseded_by FROM later JOIN episodes AS e ON e.id = later.id
              WHERE e.superseded_by IS NOT NULL
            )
            SELECT 1 FROM later WHERE id = ?1
          )
        """, arguments),
      SQLStatement(
        """
        UPDATE episodes SET valid_from = ?3, revision = ?4 + 1
        WHERE id = ?2 AND valid_from IS NULL AND coalesce(valid_until, ?3) >= ?3
          AND EXISTS (SELECT 1 FROM episodes AS o WHERE o.id = ?1 AND o.superseded_by = ?2)
        """, arguments),
    ])
    guard results[0].affectedRowCount > 0 else {
      if let reason = try await reasonNotSuperseded(oldID, newID, time) { throw reason }
      return
    }
  }

  /// Nil where it is superseded by the same episode already.
  private func reasonNotSuperseded(
    _ oldID: String, _ newID: String, _ time: Timestamp
  ) async throws(DurableStoreError) -> DurableStoreError? {
    func invalid(_ field: String, _ problem: String, _ expected: String) -> DurableStoreError {
      .invalid(ValidationError(field: field, problem: problem, expected: expected))
    }
    if oldID == newID {
      return invalid("supersededBy", "'\(oldID)' is the episode itself", "another episode")
    }
    guard let old = try await episode(id: oldID) else { return .notFound(.episode, id: oldID) }
    guard let new = try await episode(id: newID) else { return .notFound(.episode, id: newID) }
    if old.supersededBy == newID { return nil }
    if let successor = old.supersededBy {
      return invalid(
        "supersededBy", "'\(oldID)' was superseded by '\(successor)' already",
        "the last episode of its history")
    }
    if old.namespace != new.namespace {
      return invalid(
        "supersededBy",
        "'\(newID)' is in namespace '\(new.namespace)', '\(oldID)' in '\(old.namespace)'",
        "an episode of the same namespace")
    }
    if let start = old.validFrom, start > time {
      return invalid(
        "validUntil", "\(time) is before validFrom \(start) of '\(oldID)'", "a time not before it")
    }
    return invalid(
      "supersededBy", "'\(newID)' was itself superseded by '\(oldID)', directly or not",
      "an episode that is not part of its history")
  }

  /// The episodes that replaced one another up to this one and after it, the first of all first.
  ///
  /// An episode may have replaced several; all of them, and what they replaced, are there.
  ///
  /// What an import says was replaced by an episode of another namespace is no part of it.
  ///
  /// - Parameter limit: the most to return: those nearest to the episode.
  /// - Throws: ``DurableStoreError/notFound(_:id:)``.
  /// - Complexity: a look-up an episode of the history.
  public func history(
    of id: String, limit: Int = 1000
  ) async throws(DurableStoreError) -> [Episode] {
    // The distance to the episode: below 0 for what came before.
    let result = try await read(
      """
      WITH RECURSIVE
        later (id, distance) AS (
          SELECT id, 0 FROM episodes WHERE id = ?1
          UNION
          SELECT e.superseded_by, later.distance + 1
          FROM later CROSS JOIN episodes AS e ON e.id = later.id
            CROSS JOIN episodes AS n ON n.id = e.superseded_by AND n.namespace = e.namespace
          WHERE later.distance < ?2
        ),
        earlier (id, distance) AS (
          SELECT id, 0 FROM episodes WHERE id = ?1
          UNION
          SELECT e.id, earlier.distance - 1
          FROM earlier CROSS JOIN episodes AS n ON n.id = earlier.id
            CROSS JOIN episodes AS e ON e.superseded_by = n.id AND e.namespace = n.namespace
          WHERE earlier.distance > -?2
        )
      SELECT id FROM (
        SELECT e.id, min(chain.distance) AS distance, e.start_time, e.rowid AS place
        FROM (SELECT * FROM later UNION SELECT * FROM earlier) AS chain
          CROSS JOIN episodes AS e ON e.id = chain.id
        GROUP BY e.id ORDER BY min(abs(chain.distance)), 2 DESC, e.start_time DESC, e.rowid DESC
        LIMIT ?2
      )
      ORDER BY distance, start_time, place
      """, [.text(id), .integer(Int64(max(1, limit)))])
    if result.rows.isEmpty { throw .notFound(.episode, id: id) }
    return try await episodes(ids: result.texts)
  }

  /// Run before episodes go: what one of them replaced, and was valid until then, is so until the next one that
  /// stays, or for ever.
  static func closingGaps(_ list: [SQLValue]) -> SQLStatement {
    SQLStatement(
      """
      UPDATE episodes AS p SET valid_until = (
        WITH RECURSIVE next (id) AS (
          SELECT p.superseded_by
          UNION
          SELECT e.superseded_by FROM next CROSS JOIN episodes AS e ON e.id = next.id
          WHERE e.id IN (SELECT value FROM json_each(?1))
        )
        SELECT coalesce(n.valid_from, n.start_time)
        FROM next CROSS JOIN episodes AS n ON n.id = next.id
        WHERE n.id <> p.id AND n.id NOT IN (SELECT value FROM json_each(?1)) LIMIT 1
      )
      WHERE p.superseded_by IN (SELECT value FROM json_each(?1))
        AND p.id NOT IN (SELECT value FROM json_each(?1))
        AND p.valid_until = (SELECT valid_from FROM episodes WHERE id = p.superseded_by)
      """, list)
  }
}
