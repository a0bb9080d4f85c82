/// Values of rows that wait for enough of them to make a statement.
struct PendingRows {
  private let statements: RowGroups.Statements
  private let width: Int
  private var values: [SQLValue] = []
  private var count = 0

  /// - Parameters:
  ///   - statements: what inserts them.
  ///   - width: how many values one row has.
  init(_ statements: RowGroups.Statements, width: Int) {
    self.statements = statements
    self.width = width
  }

  /// Adds rows, whose values `body` appends; it returns how many rows they are.
  mutating func add(
    to parts: inout [SQLStatement], _ body: (inout [SQLValue]) -> Int
  ) {
    if values.isEmpty { values.reserveCapacity(RowGroups.rowsMax * width) }
    count += body(&values)
    // Mostly whole: rows come one or two at a time.
    if count == RowGroups.rowsMax {
      parts.append(SQLStatement(statements[count], values))
      values = []
      count = 0
    } else if count > RowGroups.rowsMax {
      flush(to: &parts)
    }
  }

  /// Makes statements of all that wait.
  mutating func flush(to parts: inout [SQLStatement]) {
    var start = 0
    for size in RowGroups.sizes(count) {
      let end = start + size * width
      parts.append(SQLStatement(statements[size], Array(values[start..<end])))
      start = end
    }
    values = []
    count = 0
  }
}
