/// What one statement gave back.
package struct SQLResult: Sendable {
  /// The names of the columns; empty for a statement that returns no rows.
  package var columns: [String] = []
  package var rows: [[SQLValue]] = []
  /// Rows the statement itself inserted, updated or deleted, not counting those of its triggers.
  package var affectedRowCount = 0
  /// The row id of the latest insert on the connection, meaningful after an insert only.
  package var lastInsertRowID: Int64 = 0

  package init(
    columns: [String] = [], rows: [[SQLValue]] = [], affectedRowCount: Int = 0,
    lastInsertRowID: Int64 = 0
  ) {
    self.columns = columns
    self.rows = rows
    self.affectedRowCount = affectedRowCount
    self.lastInsertRowID = lastInsertRowID
  }

  /// The integer in the first column of the first row, if there is one.
  package var firstInteger: Int64? {
    guard case .integer(let value) = rows.first?.first else { return nil }
    return value
  }

  /// The integers of the first column.
  var integers: [Int64] {
    rows.compactMap { row in
      if case .integer(let value)? = row.first { value } else { nil }
    }
  }
}
