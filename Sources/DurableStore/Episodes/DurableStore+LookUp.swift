public import Episodes

extension DurableStore {
  /// The episode with this id, or nil.
  public func episode(id: String) async throws(DurableStoreError) -> Episode? {
    try await episodes(Self.wholeEpisode, [.text(id)], cost: .lookup).first
  }

  /// The episodes with these ids, in the order of the ids; those that are not stored are left out.
  public func episodes(ids: [String]) async throws(DurableStoreError) -> [Episode] {
    if ids.isEmpty { return [] }
    return try await episodes(
      Self.wholeEpisodes, [.text(JSONColumns.strings(ids))],
      cost: ids.count <= Self.lookupCountMax ? .lookup : .scan)
  }

  /// The hits of a search are read as fast as the task would change its thread.
  private static let lookupCountMax = 32

  /// Reads rows, steps and checkpoints that one statement gives, told apart by the last column.
  private func episodes(
    _ statement: String, _ arguments: [SQLValue], cost: SQLReadCost
  ) async throws(DurableStoreError) -> [Episode] {
    try Self.wholeEpisodes(await read(statement, arguments, cost: cost))
  }

  static func lookUp(episodes ids: [String]) -> SQLStatement {
    SQLStatement(wholeEpisodes, [.text(JSONColumns.strings(ids))])
  }

  static func wholeEpisodes(_ found: SQLResult) throws(DurableStoreError) -> [Episode] {
    var rows = SQLResult(columns: found.columns)
    var steps = SQLResult(columns: ["episode"] + StepRow.columns)
    var checkpoints = SQLResult(columns: ["episode", "id"] + CheckpointRow.columns)
    for values in found.rows {
      switch values.last {
      case .integer(0): rows.rows.append(values)
      case .integer(1): steps.rows.append(values)
      default: checkpoints.rows.append(values)
      }
    }
    return try assembled([rows, steps, checkpoints]).map(\.episode)
  }

  // One statement needs no transaction to see one state, and asks a remote once.

  /// The row of the episode `?1`, its steps and its checkpoints, told apart by the last column.
  private static let wholeEpisode = union(
    rows: "SELECT \(EpisodeRow.selection), 0 FROM episodes AS e WHERE e.id = ?1",
    areThose: "= (SELECT rowid FROM episodes WHERE id = ?1)")

  /// The same for the episodes in the list of ids `?1`, which are looked up once.
  private static let wholeEpisodes =
    """
    WITH wanted (place, episode) AS MATERIALIZED (
      SELECT w.key, e.rowid FROM json_each(?1) AS w CROSS JOIN episodes AS e ON e.id = w.value
    )

    """
    + union(
      rows: """
        SELECT * FROM (
          SELECT \(EpisodeRow.selection), 0
          FROM wanted AS w CROSS JOIN episodes AS e ON e.rowid = w.episode ORDER BY w.place
        )
        """,
      areThose: "IN (SELECT episode FROM wanted)")

  /// - Parameters:
  ///   - rows: selects the rows of episodes, and 0.
  ///   - areThose: what their row ids are, as the right side of a condition.
  private static func union(rows: String, areThose: String) -> String {
    let width = EpisodeRow.columns.count + 1
    func padding(after columnCount: Int) -> String {
      String(repeating: ", NULL", count: width - columnCount)
    }
    return """
      \(rows)
      UNION ALL
      SELECT * FROM (
        SELECT \(StepRow.selection)\(padding(after: StepRow.columns.count + 1)), 1
        FROM steps AS s WHERE s.episode \(areThose) ORDER BY s.episode, s.number
      )
      UNION ALL
      SELECT * FROM (
        SELECT \(CheckpointRow.selection)\(padding(after: CheckpointRow.columns.count + 2)), 2
        FROM checkpoints AS c CROSS JOIN episodes AS e ON e.rowid = c.episode
        WHERE c.episode \(areThose) ORDER BY c.episode, c.position
      )
      """
  }
}
