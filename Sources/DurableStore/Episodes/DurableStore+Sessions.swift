public import Episodes

extension DurableStore {
  /// What the episode right before each of `episodes` in its session was about.
  ///
  /// - Returns: the task descriptions, in the order of the episodes; nil for those in no session, and for the
  ///   first of one. Episodes need not be stored: one that is not comes after all with its start.
  /// - Complexity: one look-up in an index for each that is in a session.
  public func descriptionsBefore(
    _ episodes: [Episode]
  ) async throws(DurableStoreError) -> [String?] {
    let inSessions = episodes.enumerated().compactMap { offset, episode in
      episode.sessionID.map { (offset, $0) }
    }
    var descriptions = [String?](repeating: nil, count: episodes.count)
    if inSessions.isEmpty { return descriptions }
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
      guard descriptions.indices.contains(offset) else { continue }
      descriptions[offset] = try row.optionalText()
    }
    return descriptions
  }

  private static let before =
    """
    SELECT json_extract(wanted.value, '$[4]'), (
      SELECT e.task_description FROM episodes AS e
      WHERE e.session_id = json_extract(wanted.value, '$[0]')
        AND e.namespace = json_extract(wanted.value, '$[1]')
        AND (e.start_time, e.rowid) < (
          json_extract(wanted.value, '$[3]'),
          coalesce(
            (SELECT rowid FROM episodes WHERE id = json_extract(wanted.value, '$[2]')),
            9223372036854775807))
      ORDER BY e.start_time DESC, e.rowid DESC LIMIT 1
    )
    FROM json_each(?1) AS wanted
    """
}
