import GRDB
import GRDBSQLite

/// Runs prepared statements of one connection, one after the other.
///
/// Values are bound and read through SQLite's own calls: texts keep their length, so that a NUL
/// inside one survives, and nothing is boxed on the way.
struct StatementCursor {
  private let db: Database
  /// Statements of this batch, found by their text without hashing it.
  private var recent: [(sql: String, statement: Statement)] = []
  private(set) var executedCount = 0
  private(set) var preparedCount = 0

  init(db: Database) { self.db = db }

  mutating func execute(_ statement: SQLStatement) throws -> SQLResult {
    let prepared = try prepare(statement.sql)
    let handle = prepared.sqliteStatement
    executedCount += 1
    guard Int(sqlite3_bind_parameter_count(handle)) == statement.arguments.count else {
      throw SQLError(
        kind: .other,
        message:
          "the statement takes \(sqlite3_bind_parameter_count(handle)) values, not "
          + "\(statement.arguments.count)")
    }
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    for (index, value) in statement.arguments.enumerated() {
      let code = Self.bind(value, to: handle, at: CInt(index + 1))
      guard code == SQLITE_OK else { throw failure() }
    }
    return try step(handle)
  }

  private mutating func prepare(_ sql: String) throws -> Statement {
    if let found = recent.first(where: { $0.sql == sql }) { return found.statement }
    let statement = try db.cachedStatement(sql: sql)
    if sqlite3_stmt_status(statement.sqliteStatement, SQLITE_STMTSTATUS_RUN, 0) == 0 {
      preparedCount += 1
    }
    if recent.count == 32 { recent.removeFirst() }
    recent.append((sql, statement))
    return statement
  }

  private func step(_ handle: OpaquePointer) throws -> SQLResult {
    var result = SQLResult()
    let columnCount = sqlite3_column_count(handle)
    if columnCount > 0 {
      result.columns = (0..<columnCount).map { index in
        sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
      }
    }
    stepping: while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW:
        var row: [SQLValue] = []
        row.reserveCapacity(Int(columnCount))
        for index in 0..<columnCount { row.append(Self.value(of: handle, at: index)) }
        result.rows.append(row)
      case SQLITE_DONE: break stepping
      default: throw failure()
      }
    }
    if sqlite3_stmt_readonly(handle) == 0 {
      result.affectedRowCount = Int(sqlite3_changes(db.sqliteConnection))
      result.lastInsertRowID = sqlite3_last_insert_rowid(db.sqliteConnection)
    }
    return result
  }

  private func failure() -> SQLError {
    let connection = db.sqliteConnection
    return SQLError(
      code: sqlite3_extended_errcode(connection),
      message: sqlite3_errmsg(connection).map { String(cString: $0) } ?? "unknown error")
  }

  /// Tells SQLite to copy the bytes before the call returns.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private static func bind(_ value: SQLValue, to handle: OpaquePointer, at index: CInt) -> CInt {
    switch value {
    case .null: return sqlite3_bind_null(handle, index)
    case .integer(let integer): return sqlite3_bind_int64(handle, index, integer)
    case .real(let real): return sqlite3_bind_double(handle, index, real)
    case .text(var text):
      // SAFETY: the pointer is used inside the closure only; SQLite copies the bytes.
      return text.withUTF8 { bytes in
        guard let base = bytes.baseAddress else {
          return sqlite3_bind_text(handle, index, "", 0, nil)
        }
        return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
          sqlite3_bind_text64(
            handle, index, $0, sqlite3_uint64(bytes.count), transient, UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let bytes):
      // SAFETY: as above.
      return bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress, buffer.count > 0 else {
          return sqlite3_bind_zeroblob(handle, index, 0)
        }
        return sqlite3_bind_blob64(handle, index, base, sqlite3_uint64(buffer.count), transient)
      }
    }
  }

  private static func value(of handle: OpaquePointer, at index: CInt) -> SQLValue {
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
    case SQLITE_TEXT:
      // SAFETY: the bytes stay valid until the next step; they are copied here.
      guard let text = sqlite3_column_text(handle, index) else { return .text("") }
      let count = Int(sqlite3_column_bytes(handle, index))
      return .text(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      // SAFETY: as above.
      guard let bytes = sqlite3_column_blob(handle, index) else { return .blob([]) }
      let count = Int(sqlite3_column_bytes(handle, index))
      return .blob([UInt8](UnsafeRawBufferPointer(start: bytes, count: count)))
    default: return .null
    }
  }
}
