import Episodes

extension EpisodeWriteBatch {
  /// Notes that the episodes added so far were used, those that are written: with the row itself, so that no
  /// limit evicts as long unused what has just come.
  mutating func noteAccess(at time: Timestamp?) {
    guard let time, !plans.isEmpty else { return }
    _ = add(
      """
      INSERT INTO episode_access (episode, accessed_at, access_count)
      SELECT e.rowid, ?2, 1
      FROM json_each(?1) AS wanted CROSS JOIN episodes AS e ON e.id = wanted.value
      WHERE e.revision BETWEEN ?3 AND ?4
      ON CONFLICT (episode) DO UPDATE SET
        accessed_at = max(accessed_at, excluded.accessed_at), access_count = access_count + 1
      """,
      [
        .text(JSONColumns.strings(plans.map(\.episodeID))), .integer(time.nanosecondsSince1970),
        .integer(firstRevision), .integer(revision - 1),
      ])
  }
}
