internal import Episodes

extension DurableStore {
  /// Where the newest episodes begin, for ``episodes(fromOldest:isInclusive:limit:)``.
  ///
  /// - Parameter count: how many are the newest.
  /// - Returns: the oldest of them, or no cursor if that is the first of all; nil if there are no episodes.
  /// - Complexity: linear in `count`, through an index.
  public func cursor(
    toNewest count: Int
  ) async throws(DurableStoreError) -> (cursor: EpisodeCursor?, isFirst: Bool)? {
    let result = try await read(
      """
      SELECT start_time, rowid FROM episodes ORDER BY start_time DESC, rowid DESC LIMIT 1 OFFSET ?1
      """, [.integer(Int64(max(1, count) - 1))])
    guard let values = result.rows.first else {
      let isEmpty = try await read("SELECT 1 FROM episodes LIMIT 1").rows.isEmpty
      return isEmpty ? nil : (nil, true)
    }
    var row = RowReader(table: "episodes", columns: result.columns, values: values)
    return (EpisodeCursor(startNanoseconds: try row.integer(), rowID: try row.integer()), false)
  }

  /// Episodes in the order of their start, earliest first.
  ///
  /// - Parameters:
  ///   - cursor: where to begin; nil for the first of all.
  ///   - isInclusive: whether the episode at the cursor is one of them.
  ///   - limit: the most to return.
  /// - Returns: a page; its `next` is nil only when it is empty.
  public func episodes(
    fromOldest cursor: EpisodeCursor?, isInclusive: Bool, limit: Int
  ) async throws(DurableStoreError) -> EpisodePage {
    guard limit > 0 else { return EpisodePage(episodes: [], next: cursor) }
    var condition = SQLCondition()
    if let cursor {
      // A place before the row itself, where it is to be among those returned.
      condition.add(
        "(e.start_time, e.rowid) > (?, ?)", .integer(cursor.startNanoseconds),
        .integer(isInclusive ? cursor.rowID - 1 : cursor.rowID))
    }
    let limitParameter = condition.parameter(.integer(Int64(limit)))
    let selected =
      "FROM episodes AS e WHERE \(condition.sql) "
      + "ORDER BY e.start_time, e.rowid LIMIT \(limitParameter)"
    let found = try await episodes(
      rows: SQLStatement("SELECT \(EpisodeRow.selection) \(selected)", condition.arguments),
      rowIDs: "SELECT e.rowid \(selected)", condition.arguments)
    return EpisodePage(
      episodes: found.map(\.episode),
      next: found.last.map {
        EpisodeCursor(
          startNanoseconds: $0.episode.startTime.nanosecondsSince1970, rowID: $0.rowID)
      })
  }
}
