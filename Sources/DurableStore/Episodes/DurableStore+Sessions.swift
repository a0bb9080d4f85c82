public import Episodes

extension DurableStore {
  /// The stored episode right before each of `episodes` in its session.
  ///
  /// - Returns: one for each, in their order; without a description for those in no session, and for the first of
  ///   one. Episodes need not be stored: one that is not comes after all with its start.
  /// - Complexity: one look-up in an index for each that is in a session.
  public func turnsBefore(
    _ episodes: [Episode]
  ) async throws(DurableStoreError) -> [TurnBefore] {
    let inSessions = episodes.enumerated().compactMap { offset, episode in
      episode.sessionID.map { (offset, $0) }
    }
    var turns = [TurnBefore](repeating: TurnBefore(), count: episodes.count)
    if inSessions.isEmpty { return turns }
    let wanted = inSessions.map { offset, session in
      JSONValue.array([
        .string(session), .string(episodes[offset].namespace), .string(episodes[offset].id),
        .integer(episodes[offset].startTime.nanosecondsSince1970), .integer(Int64(offset)),
      ])
    }
    let result = try await read(Self.before, [.text(JSONColumns.value(.array(wanted)))])
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      let offset = Int(try row.integer())
      guard turns.indices.contains(offset) else { continue }
      turns[offset] = TurnBefore(
        isFollowerStored: try row.integer() != 0, description: try row.optionalText(),
        start: try row.optionalTimestamp())
    }
    return turns
  }

  private static let before =
    """
    SELECT json_extract(wanted.value, '$[4]'), own.rowid IS NOT NULL, b.task_description, b.start_time
    FROM json_each(?1) AS wanted
      LEFT JOIN episodes AS own ON own.id = json_extract(wanted.value, '$[2]')
      LEFT JOIN episodes AS b ON b.rowid = (
        SELECT e.rowid FROM episodes AS e
        WHERE e.session_id = json_extract(wanted.value, '$[0]')
          AND e.namespace = json_extract(wanted.value, '$[1]')
          AND (e.start_time, e.rowid) < (
            json_extract(wanted.value, '$[3]'), coalesce(own.rowid, 9223372036854775807))
        ORDER BY e.start_time DESC, e.rowid DESC LIMIT 1
      )
    """
}
