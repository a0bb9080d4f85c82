internal import DurableStore
internal import Hrana

extension SQLValue {
  init(_ value: HranaValue) {
    switch value {
    case .null: self = .null
    case .integer(let integer): self = .integer(integer)
    case .float(let number): self = .real(number)
    case .text(let text): self = .text(text)
    case .blob(let bytes): self = .blob(bytes)
    }
  }
}

extension HranaValue {
  /// - Throws: `SQLError` for a number that the wire cannot carry.
  init(_ value: SQLValue) throws(SQLError) {
    switch value {
    case .null: self = .null
    case .integer(let integer): self = .integer(integer)
    case .real(let number):
      guard !number.isInfinite else {
        throw SQLError(kind: .other, message: "a database elsewhere takes no infinite numbers")
      }
      // As SQLite binds it.
      self = number.isNaN ? .null : .float(number)
    case .text(let text): self = .text(text)
    case .blob(let bytes): self = .blob(bytes)
    }
  }
}

extension HranaStatement {
  init(_ statement: SQLStatement) throws(SQLError) {
    var arguments: [HranaValue] = []
    arguments.reserveCapacity(statement.arguments.count)
    for argument in statement.arguments { arguments.append(try HranaValue(argument)) }
    self.init(statement.sql, arguments)
  }

  static func list(_ statements: [SQLStatement]) throws(SQLError) -> [HranaStatement] {
    var list: [HranaStatement] = []
    list.reserveCapacity(statements.count)
    for statement in statements { list.append(try HranaStatement(statement)) }
    return list
  }
}

extension SQLResult {
  init(_ result: HranaStatementResult) {
    self.init(
      columns: result.columns.map { $0.name ?? "" },
      rows: result.rows.map { $0.map(SQLValue.init) }, affectedRowCount: result.affectedRowCount,
      lastInsertRowID: result.lastInsertRowID ?? 0)
  }
}
