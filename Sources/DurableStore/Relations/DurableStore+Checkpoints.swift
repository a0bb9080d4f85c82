public import Episodes

extension DurableStore {
  /// Adds a checkpoint to its episode, after those it has, or replaces the one with its id there.
  ///
  /// - Throws: ``DurableStoreError/notFound(_:id:)`` when the episode is not stored.
  public func put(_ checkpoint: Checkpoint) async throws(DurableStoreError) {
    do {
      try Identifier.check(checkpoint.id, field: "id")
    } catch {
      throw .invalid(error)
    }
    let result = try await write(
      """
      INSERT INTO checkpoints (episode, position, id, step_number, timestamp, label, note)
      SELECT
        e.rowid,
        (SELECT coalesce(max(position) + 1, 0) FROM checkpoints WHERE episode = e.rowid),
        ?2, ?3, ?4, ?5, ?6
      FROM episodes AS e WHERE e.id = ?1
      ON CONFLICT (episode, id) DO UPDATE SET
        step_number = excluded.step_number, timestamp = excluded.timestamp,
        label = excluded.label, note = excluded.note
      """,
      [
        .text(checkpoint.episode), .text(checkpoint.id), .integer(Int64(checkpoint.stepNumber)),
        .integer(checkpoint.timestamp.nanosecondsSince1970), .text(checkpoint.label),
        SQLValue(checkpoint.note),
      ])
    guard result.affectedRowCount > 0 else {
      throw .notFound(.episode, id: checkpoint.episode)
    }
  }

  /// The checkpoint with this id, the latest if several episodes have one; or nil.
  public func checkpoint(id: String) async throws(DurableStoreError) -> Checkpoint? {
    try Self.checkpoints(
      await read(
        """
        SELECT \(CheckpointRow.selection)
        FROM checkpoints AS c JOIN episodes AS e ON e.rowid = c.episode
        WHERE c.id = ?1 ORDER BY c.timestamp DESC LIMIT 1
        """, [.text(id)])
    ).first
  }

  /// The checkpoints of an episode, in their order.
  public func checkpoints(
    ofEpisode id: String
  ) async throws(DurableStoreError) -> [Checkpoint] {
    try Self.checkpoints(
      await read(
        """
        SELECT \(CheckpointRow.selection)
        FROM episodes AS e JOIN checkpoints AS c ON c.episode = e.rowid
        WHERE e.id = ?1 ORDER BY c.position
        """, [.text(id)]))
  }

  /// Deletes a checkpoint of an episode.
  ///
  /// - Returns: whether it was there.
  @discardableResult
  public func deleteCheckpoint(
    id: String, ofEpisode episode: String
  ) async throws(DurableStoreError) -> Bool {
    try await write(
      """
      DELETE FROM checkpoints
      WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1) AND id = ?2
      """, [.text(episode), .text(id)]
    ).affectedRowCount > 0
  }

  private static func checkpoints(_ result: SQLResult) throws(DurableStoreError) -> [Checkpoint] {
    var checkpoints: [Checkpoint] = []
    for values in result.rows {
      checkpoints.append(
        try CheckpointRow.decode(values, columns: result.columns).checkpoint)
    }
    return checkpoints
  }
}
