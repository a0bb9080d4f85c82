public import Episodes

extension DurableStore {
  /// The episode with this id, or nil.
  public func episode(id: String) async throws(DurableStoreError) -> Episode? {
    let found = try await read(Self.wholeEpisode, [.text(id)], cost: .lookup)
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
    return try Self.assembled([rows, steps, checkpoints]).first?.episode
  }

  /// The row of the episode `?1`, its steps and its checkpoints, told apart by the last column: one
  /// statement, so that it needs no transaction to see one state, and asks a remote once.
  private static let wholeEpisode: String = {
    let width = EpisodeRow.columns.count + 1
    func padding(after columnCount: Int) -> String {
      String(repeating: ", NULL", count: width - columnCount)
    }
    return """
      SELECT \(EpisodeRow.selection), 0 FROM episodes AS e WHERE e.id = ?1
      UNION ALL
      SELECT * FROM (
        SELECT \(StepRow.selection)\(padding(after: StepRow.columns.count + 1)), 1
        FROM steps AS s WHERE s.episode = (SELECT rowid FROM episodes WHERE id = ?1)
        ORDER BY s.number
      )
      UNION ALL
      SELECT * FROM (
        SELECT \(CheckpointRow.selection)\(padding(after: CheckpointRow.columns.count + 2)), 2
        FROM episodes AS e CROSS JOIN checkpoints AS c ON c.episode = e.rowid
        WHERE e.id = ?1 ORDER BY c.position
      )
      """
  }()
}
