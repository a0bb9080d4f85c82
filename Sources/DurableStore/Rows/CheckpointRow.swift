import Episodes

/// The columns of a checkpoint.
enum CheckpointRow {
  static let columns = ["id", "step_number", "timestamp", "label", "note"]

  /// The episode's row id and id, then the columns.
  static let selection = "c.episode, e.id, " + columns.map { "c.\($0)" }.joined(separator: ", ")
  static let selected = ["episode", "id"] + columns

  /// Inserts checkpoint number `?3` of the episode `?1` as written at revision `?2`.
  static let insert =
    "INSERT INTO checkpoints (episode, position, \(columns.joined(separator: ", "))) "
    + "SELECT rowid, ?3, ?4, ?5, ?6, ?7, ?8 FROM episodes WHERE id = ?1 AND revision = ?2"

  static func arguments(
    _ checkpoint: Checkpoint, position: Int, episode: SQLValue, revision: Int64
  ) -> [SQLValue] {
    [
      episode, .integer(revision), .integer(Int64(position)), .text(checkpoint.id),
      .integer(Int64(checkpoint.stepNumber)), .integer(checkpoint.timestamp.nanosecondsSince1970),
      .text(checkpoint.label), SQLValue(checkpoint.note),
    ]
  }

  /// Reads a row of ``selection``.
  static func decode(
    _ values: some RowValues, columns: [String] = selected
  ) throws(DurableStoreError) -> (episode: Int64, checkpoint: Checkpoint) {
    var row = RowReader(table: "checkpoints", columns: columns, values: values)
    let rowID = try row.integer()
    let episode = try row.text()
    return (
      rowID,
      Checkpoint(
        id: try row.text(), episode: episode, stepNumber: Int(try row.integer()),
        timestamp: try row.timestamp(), label: try row.text(), note: try row.optionalText())
    )
  }
}
