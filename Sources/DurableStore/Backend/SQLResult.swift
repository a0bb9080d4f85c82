/// What one statement gave back.
struct SQLResult: Sendable {
  /// The names of the columns; empty for a statement that returns no rows.
  var columns: [String] = []
  var rows: [[SQLValue]] = []
  /// Rows the statement itself inserted, updated or deleted, not counting those of its triggers.
  var affectedRowCount = 0
  /// The row id of the latest insert on the connection, meaningful after an insert only.
  var lastInsertRowID: Int64 = 0

  /// The integer in the first column of the first row, if there is one.
  var firstInteger: Int64? {
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
