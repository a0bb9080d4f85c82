internal import Hrana

// Requests of whole texts, on the session's thread.
extension SQLSession {
  func runSequence(_ sql: String) throws(HranaError) {
    var rest = sql
    while !rest.isEmpty {
      if isOver { throw .tooSlow }
      let (statement, after) = try connection.compile(rest)
      rest = after
      guard let statement else { continue }
      while try statement.step() {}
    }
  }

  func describe(_ sql: String) throws(HranaError) -> HranaDescription {
    let statement = try connection.statement(sql)
    try take(statement.columns)
    return HranaDescription(
      parameters: statement.parameters, columns: statement.columns, isExplain: statement.isExplain,
      isReadOnly: statement.isReadOnly)
  }
}
