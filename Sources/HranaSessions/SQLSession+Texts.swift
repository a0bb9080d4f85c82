internal import Hrana

// Requests of whole texts, on the session's thread.
extension SQLSession {
  func runSequence(_ sql: String) throws(HranaError) {
    let text = Array(sql.utf8CString)
    var start = 0
    while start < text.count - 1 {
      if isOver { throw .tooSlow }
      let (statement, end) = try connection.compile(text, from: start)
      guard end > start else {
        throw HranaError("SQL_ZERO_BYTE", "the SQL has a zero byte, behind which nothing is read")
      }
      start = end
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
