public import Episodes

extension DurableStore {
  /// The relationships that lead from or to any of several episodes, oldest first.
  ///
  /// - Parameters:
  ///   - kinds: of these kinds only; empty for all.
  ///   - limit: the most to return.
  public func relationships(
    ofEpisodes ids: [String], direction: RelationshipDirection, kinds: [RelationshipKind] = [],
    limit: Int = .max
  ) async throws(DurableStoreError) -> [Relationship] {
    let wanted = "IN (SELECT value FROM json_each(?1))"
    let ends =
      switch direction {
      case .outgoing: "from_id \(wanted)"
      case .incoming: "to_id \(wanted)"
      case .both: "(from_id \(wanted) OR to_id \(wanted))"
      }
    return try Self.relationships(
      await read(
        """
        SELECT id, from_id, to_id, kind, reason, priority, created_at FROM relationships
        WHERE \(ends) AND (?2 = '[]' OR kind IN (SELECT value FROM json_each(?2)))
        ORDER BY created_at, id LIMIT ?3
        """,
        [
          .text(JSONColumns.strings(ids)), .text(JSONColumns.strings(kinds.map(\.rawValue))),
          .integer(Int64(max(0, limit))),
        ]))
  }

  /// The relationships between episodes of a namespace, oldest first.
  ///
  /// - Parameters:
  ///   - kind: of this kind only; nil for all.
  ///   - limit: the most to return.
  public func relationships(
    inNamespace namespace: String, kind: RelationshipKind? = nil, limit: Int = .max
  ) async throws(DurableStoreError) -> [Relationship] {
    try Self.relationships(
      await read(
        """
        SELECT r.id, r.from_id, r.to_id, r.kind, r.reason, r.priority, r.created_at
        FROM relationships AS r
          CROSS JOIN episodes AS f ON f.id = r.from_id CROSS JOIN episodes AS t ON t.id = r.to_id
        WHERE f.namespace = ?1 AND t.namespace = ?1 AND (?2 IS NULL OR r.kind = ?2)
        ORDER BY r.created_at, r.id LIMIT ?3
        """,
        [.text(namespace), SQLValue(kind?.rawValue), .integer(Int64(max(0, limit)))]))
  }
}
