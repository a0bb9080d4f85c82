public import Episodes

// A short turn of a session is embedded with the one before it. When that one is deleted, the embedding goes as
// well, and a mark stays until the turn is embedded again.
extension DurableStore {
  /// The episodes that come right after some in their sessions: those may be embedded with the words of the ones
  /// before them.
  public func episodesAfter(_ ids: [String]) async throws(DurableStoreError) -> [String] {
    try await read(Self.after, [.text(JSONColumns.strings(ids))]).texts
  }

  /// The ids of the episodes after those in the list `?1`, which are not in it.
  static let after =
    """
    SELECT DISTINCT next.id FROM episodes AS e JOIN episodes AS next ON next.rowid = (
      SELECT n.rowid FROM episodes AS n
      WHERE n.session_id = e.session_id AND n.namespace = e.namespace
        AND (n.start_time, n.rowid) > (e.start_time, e.rowid)
        AND n.id NOT IN (SELECT value FROM json_each(?1))
      ORDER BY n.start_time, n.rowid LIMIT 1
    )
    WHERE e.id IN (SELECT value FROM json_each(?1)) AND e.session_id IS NOT NULL
    """

  /// Marks that the embeddings of what comes after the episodes in `?1` are to be made again.
  static let markNeighbors =
    """
    INSERT INTO store_properties (name, value)
    SELECT '\(mark)', 1 WHERE EXISTS (\(after))
    ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1
    """

  private static let mark = "episodes_to_embed"

  /// What ``clearEmbeddingMark(_:)`` takes, if embeddings of episodes are to be made again; nil if not.
  public func embeddingMark() async throws(DurableStoreError) -> String? {
    try await read(
      "SELECT CAST(value AS TEXT) FROM store_properties WHERE name = ?1", [.text(Self.mark)]
    )
    .texts.first
  }

  /// Notes that every episode has embeddings again, unless more were deleted since the mark was read.
  public func clearEmbeddingMark(_ seen: String) async throws(DurableStoreError) {
    _ = try await write(
      "DELETE FROM store_properties WHERE name = ?1 AND CAST(value AS TEXT) = ?2",
      [.text(Self.mark), .text(seen)])
  }

  /// Episodes without any embedding, oldest first: those whose embeddings are to be made again.
  ///
  /// - Complexity: one look-up an episode.
  public func episodesWithoutEmbedding(
    after rowID: Int64 = 0, limit: Int
  ) async throws(DurableStoreError) -> [(rowID: Int64, episode: Episode)] {
    try await episodes(
      selecting: SQLStatement(
        """
        SELECT e.rowid FROM episodes AS e
        WHERE e.rowid > ?1 AND NOT EXISTS (SELECT 1 FROM embeddings WHERE episode = e.rowid)
        ORDER BY e.rowid LIMIT ?2
        """, [.integer(rowID), .integer(Int64(max(0, limit)))])
    ).map { ($0.rowID, $0.episode) }
  }
}
