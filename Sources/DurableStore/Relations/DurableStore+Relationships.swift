public import Episodes

/// Which way relationships are followed from an episode.
public enum RelationshipDirection: Hashable, Sendable {
  case outgoing, incoming, both
}

extension DurableStore {
  private static let columns = "id, from_id, to_id, kind, reason, priority, created_at"

  /// Stores a relationship between two stored episodes of one namespace.
  ///
  /// - Parameter isNewLink: whether it must be the first of its kind from one episode to the other.
  /// - Throws: ``DurableStoreError/cycle(from:to:kind:)`` when it would close a cycle of an acyclic
  ///   kind, ``DurableStoreError/notFound(_:id:)`` when an episode is not stored,
  ///   ``DurableStoreError/duplicate(_:id:)`` when its id is taken, or the link is there already, which the
  ///   id then names; ``DurableStoreError/invalid(_:)``.
  public func insert(
    _ relationship: Relationship, isNewLink: Bool = false
  ) async throws(DurableStoreError) {
    do throws(ValidationError) {
      try Identifier.check(relationship.id, field: "id")
      guard relationship.from != relationship.to else {
        throw ValidationError(
          field: "to", problem: "is the episode the relationship starts from",
          expected: "another episode")
      }
      try Self.check(reason: relationship.reason)
    } catch {
      throw .invalid(error)
    }
    let results: [SQLResult]
    do {
      results = try await backend.write(Self.insertStatements(relationship, isNewLink: isNewLink))
    } catch {
      switch error.kind {
      case .uniqueViolation: throw .duplicate(.relationship, id: relationship.id)
      case .foreignKeyViolation: throw try await missingEnd(of: relationship)
      default: throw .database(error)
      }
    }
    if results[0].affectedRowCount > 0 { return }
    if isNewLink, let present = results[1].texts.first {
      throw .duplicate(.relationship, id: present)
    }
    if case .text(let from)? = results[2].rows.first?.first,
      case .text(let to)? = results[2].rows.first?.last, from != to
    {
      throw .invalid(
        ValidationError(
          field: "to",
          problem: "'\(relationship.to)' is in namespace '\(to)', "
            + "'\(relationship.from)' in '\(from)'",
          expected: "an episode of the same namespace"))
    }
    throw .cycle(from: relationship.from, to: relationship.to, kind: relationship.kind)
  }

  private static func check(reason: String?) throws(ValidationError) {
    let most = EpisodeLimits.textCharactersMax
    guard let reason, reason.utf8.count > most, reason.count > most else { return }
    throw ValidationError(
      field: "reason", problem: "has \(reason.count) characters", expected: "at most \(most)")
  }

  /// What must hold is looked at in the same statement as the insert, so no other writer can change it in
  /// between; the statements after it tell what did not.
  private static func insertStatements(
    _ relationship: Relationship, isNewLink: Bool
  ) -> [SQLStatement] {
    let ends: [SQLValue] = [.text(relationship.from), .text(relationship.to)]
    let insert = SQLStatement(
      """
      INSERT INTO relationships (\(columns))
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
      WHERE (?8 = 0 OR NOT EXISTS (
        WITH RECURSIVE reached (id) AS (
          SELECT ?3
          UNION
          SELECT r.to_id FROM relationships AS r JOIN reached ON r.from_id = reached.id
          -- Those of an earlier version that lead to another namespace are shown nowhere.
          WHERE r.kind = ?4 AND (SELECT namespace FROM episodes WHERE id = r.from_id)
            IS (SELECT namespace FROM episodes WHERE id = r.to_id)
        )
        SELECT 1 FROM reached WHERE id = ?2
      )) AND (?9 = 0 OR NOT EXISTS (
        SELECT 1 FROM relationships WHERE from_id = ?2 AND to_id = ?3 AND kind = ?4
      )) AND coalesce(
        (SELECT namespace FROM episodes WHERE id = ?2)
          = (SELECT namespace FROM episodes WHERE id = ?3), 1)
      """,
      [
        .text(relationship.id), .text(relationship.from), .text(relationship.to),
        .text(relationship.kind.rawValue), SQLValue(relationship.reason),
        SQLValue(relationship.priority),
        .integer(relationship.createdAt.nanosecondsSince1970),
        .integer(relationship.kind.isAcyclic ? 1 : 0), .integer(isNewLink ? 1 : 0),
      ])
    return [
      insert,
      SQLStatement(
        """
        SELECT id FROM relationships WHERE from_id = ?1 AND to_id = ?2 AND kind = ?3
        ORDER BY created_at, id LIMIT 1
        """, ends + [.text(relationship.kind.rawValue)]),
      SQLStatement(
        """
        SELECT (SELECT namespace FROM episodes WHERE id = ?1),
          (SELECT namespace FROM episodes WHERE id = ?2)
        """, ends),
    ]
  }

  private func missingEnd(
    of relationship: Relationship
  ) async throws(DurableStoreError) -> DurableStoreError {
    let found = try await read(
      "SELECT count(*) FROM episodes WHERE id = ?1", [.text(relationship.from)])
    return .notFound(
      .episode, id: found.firstInteger == 0 ? relationship.from : relationship.to)
  }

  /// Changes the reason and priority of a relationship; its ends and kind stay.
  ///
  /// - Throws: ``DurableStoreError/notFound(_:id:)``, ``DurableStoreError/invalid(_:)``.
  public func updateRelationship(
    id: String, reason: String?, priority: Int?
  ) async throws(DurableStoreError) {
    do {
      try Self.check(reason: reason)
    } catch {
      throw .invalid(error)
    }
    let result = try await write(
      "UPDATE relationships SET reason = ?2, priority = ?3 WHERE id = ?1",
      [.text(id), SQLValue(reason), SQLValue(priority)])
    guard result.affectedRowCount > 0 else { throw .notFound(.relationship, id: id) }
  }

  /// The relationship with this id, or nil.
  public func relationship(id: String) async throws(DurableStoreError) -> Relationship? {
    try Self.relationships(
      await read("SELECT \(Self.columns) FROM relationships WHERE id = ?1", [.text(id)])
    ).first
  }

  /// The relationships of an episode, oldest first.
  public func relationships(
    ofEpisode id: String, direction: RelationshipDirection = .both, kind: RelationshipKind? = nil
  ) async throws(DurableStoreError) -> [Relationship] {
    var condition = SQLCondition()
    switch direction {
    case .outgoing: condition.add("from_id = ?", .text(id))
    case .incoming: condition.add("to_id = ?", .text(id))
    case .both: condition.add("(from_id = ? OR to_id = ?)", .text(id), .text(id))
    }
    if let kind { condition.add("kind = ?", .text(kind.rawValue)) }
    return try Self.relationships(
      await read(
        "SELECT \(Self.columns) FROM relationships WHERE \(condition.sql) "
          + "ORDER BY created_at, id", condition.arguments))
  }

  /// All relationships in the order of their ids.
  ///
  /// - Parameters:
  ///   - id: the last id of the page before.
  ///   - limit: the most to return.
  public func relationships(
    after id: String = "", limit: Int
  ) async throws(DurableStoreError) -> [Relationship] {
    try Self.relationships(await read([Self.relationshipsStatement(after: id, limit: limit)])[0])
  }

  static func relationshipsStatement(
    namespace: String? = nil, after id: String, limit: Int
  ) -> SQLStatement {
    var condition = SQLCondition()
    condition.add("id > ?", .text(id))
    if let namespace {
      // Links do not leave a namespace.
      condition.add("from_id IN (SELECT id FROM episodes WHERE namespace = ?)", .text(namespace))
    }
    let limit = condition.parameter(.integer(Int64(max(0, limit))))
    return SQLStatement(
      "SELECT \(columns) FROM relationships WHERE \(condition.sql) ORDER BY id LIMIT \(limit)",
      condition.arguments)
  }

  /// Deletes relationships.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func deleteRelationships(ids: [String]) async throws(DurableStoreError) -> Int {
    try await write(
      "DELETE FROM relationships WHERE id IN (SELECT value FROM json_each(?1))",
      [.text(JSONColumns.strings(ids))]
    ).affectedRowCount
  }

  static func relationships(
    _ result: SQLResult
  ) throws(DurableStoreError) -> [Relationship] {
    var relationships: [Relationship] = []
    for values in result.rows {
      var row = RowReader(table: "relationships", columns: result.columns, values: values)
      relationships.append(
        Relationship(
          id: try row.text(), from: try row.text(), to: try row.text(),
          kind: try row.name(RelationshipKind.self), reason: try row.optionalText(),
          priority: try row.optionalInteger().map(Int.init), createdAt: try row.timestamp()))
    }
    return relationships
  }
}
