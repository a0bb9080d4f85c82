extension DurableStore {
  /// Changes after a sequence number, oldest first.
  ///
  /// A reader that asks after a number below ``firstChangeSequence()`` − 1 has missed trimmed entries,
  /// and must read everything anew.
  ///
  /// - Parameters:
  ///   - sequence: the last number seen, 0 at first.
  ///   - limit: the most to return.
  public func changes(
    after sequence: Int64, limit: Int
  ) async throws(DurableStoreError) -> [Change] {
    let result = try await read(
      """
      SELECT sequence, kind, record_id, operation FROM changes
      WHERE sequence > ?1 ORDER BY sequence LIMIT ?2
      """, [.integer(sequence), .integer(Int64(max(0, limit)))])
    var changes: [Change] = []
    changes.reserveCapacity(result.rows.count)
    for values in result.rows {
      var row = RowReader(table: "changes", columns: result.columns, values: values)
      changes.append(
        Change(
          sequence: try row.integer(), kind: try row.name(RecordKind.self),
          recordID: try row.text(), operation: try row.name(Change.Operation.self)))
    }
    return changes
  }

  /// The number of the latest change ever, trimmed or not; 0 before the first.
  public func lastChangeSequence() async throws(DurableStoreError) -> Int64 {
    try await read("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").firstInteger ?? 0
  }

  /// The number of the oldest change still in the log; one above the latest when it is empty.
  public func firstChangeSequence() async throws(DurableStoreError) -> Int64 {
    try await read(
      """
      SELECT coalesce(
        (SELECT min(sequence) FROM changes),
        (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'changes'),
        1)
      """
    ).firstInteger ?? 1
  }

  /// Drops log entries that no reader needs any more.
  ///
  /// - Parameter sequence: the last to drop.
  /// - Returns: how many were dropped.
  @discardableResult
  public func trimChanges(through sequence: Int64) async throws(DurableStoreError) -> Int {
    try await write("DELETE FROM changes WHERE sequence <= ?1", [.integer(sequence)])
      .affectedRowCount
  }
}
