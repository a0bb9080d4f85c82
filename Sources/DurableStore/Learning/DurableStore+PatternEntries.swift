import Episodes

extension DurableStore {
  /// The patterns of the store in the order in which they came, with the numbers of their embeddings by a model.
  /// Rows of an unknown kind are left out.
  ///
  /// - Parameters:
  ///   - row: where the page before ended, 0 at first.
  ///   - limit: the most rows to read.
  /// - Returns: a page, and where it ended; nil after the last.
  public func patternEntries(
    model: String, after row: Int64, limit: Int
  ) async throws(DurableStoreError) -> (entries: [PatternEntry], end: Int64)? {
    let result = try await read(
      """
      \(Self.patternEntriesSQL) WHERE p.rowid > ?2 ORDER BY p.rowid LIMIT ?3
      """, [.text(model), .integer(row), .integer(Int64(max(1, limit)))])
    guard case .integer(let end)? = result.rows.last?.first else { return nil }
    return (try Self.entries(result), end)
  }

  /// The patterns with these ids, in no order; those that are not stored are left out.
  public func patternEntries(
    ids: [String], model: String
  ) async throws(DurableStoreError) -> [PatternEntry] {
    try Self.entries(
      await read(
        "\(Self.patternEntriesSQL) WHERE p.id IN (SELECT value FROM json_each(?2))",
        [.text(model), .text(JSONColumns.strings(ids))]))
  }

  private static let patternEntriesSQL =
    """
    SELECT p.rowid, p.id, p.namespace, p.kind, p.domain, m.id FROM patterns AS p
    LEFT JOIN embeddings AS m ON m.pattern = p.rowid AND m.model = ?1 AND m.part = 0
    """

  private static func entries(_ result: SQLResult) throws(DurableStoreError) -> [PatternEntry] {
    var entries: [PatternEntry] = []
    entries.reserveCapacity(result.rows.count)
    for values in result.rows {
      guard case .text(let id) = values[1], case .text(let namespace) = values[2],
        case .text(let name) = values[3], let kind = PatternKind.Name(rawValue: name),
        case .text(let domain) = values[4]
      else { continue }
      var number: UInt64?
      if case .integer(let value) = values[5] { number = UInt64(exactly: value) }
      entries.append(
        PatternEntry(
          id: id, namespace: namespace, kind: kind, domain: domain, embeddingID: number))
    }
    return entries
  }

  /// What has become of patterns and of their vectors since a place in the change log.
  ///
  /// - Complexity: linear in the changes since then.
  public func patternChanges(
    after sequence: Int64
  ) async throws(DurableStoreError) -> PatternChanges {
    let since: [SQLValue] = [.integer(sequence)]
    let results = try await read([
      SQLStatement("SELECT seq FROM sqlite_sequence WHERE name = 'changes'"),
      SQLStatement("SELECT min(sequence) FROM changes WHERE sequence > ?1", since),
      SQLStatement(
        "SELECT DISTINCT record_id FROM changes WHERE sequence > ?1 AND kind = 'pattern'", since),
      SQLStatement(
        """
        SELECT DISTINCT p.id FROM changes AS c
        CROSS JOIN embeddings AS m ON m.id = CAST(c.record_id AS INTEGER)
        CROSS JOIN patterns AS p ON p.rowid = m.pattern
        WHERE c.sequence > ?1 AND c.kind = 'embedding'
        """, since),
    ])
    var changes = PatternChanges(last: results[0].firstInteger ?? 0)
    if changes.last < sequence {
      // Another store than before.
      changes.isTrimmed = true
    } else if changes.last > sequence {
      changes.isTrimmed = (results[1].firstInteger ?? .max) > sequence + 1
    }
    changes.patternIDs = Set(results[2].texts)
    changes.embeddedIDs = Set(results[3].texts)
    return changes
  }
}
