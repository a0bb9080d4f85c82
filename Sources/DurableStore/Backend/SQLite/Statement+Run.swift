import GRDB
import GRDBSQLite

/// Values are bound and read through SQLite's own calls: texts keep their length, so that a NUL
/// inside one survives, and nothing is boxed on the way.
extension Statement {
  /// Whether the statement has been compiled but never run.
  var isNew: Bool { sqlite3_stmt_status(sqliteStatement, SQLITE_STMTSTATUS_RUN, 0) == 0 }

  /// Runs the statement to its end.
  func run(_ arguments: [SQLValue], on database: Database) throws(SQLError) -> SQLResult {
    let handle = sqliteStatement
    let parameterCount = Int(sqlite3_bind_parameter_count(handle))
    guard parameterCount == arguments.count else {
      throw SQLError(
        kind: .other,
        message: "the statement takes \(parameterCount) values, not \(arguments.count)")
    }
    // Given back after the bindings that point into it have been cleared.
    var texts = BoundTexts(for: arguments)
    defer { texts.deallocate() }
    defer {
      sqlite3_reset(handle)
      if parameterCount > 0 { sqlite3_clear_bindings(handle) }
    }
    for index in arguments.indices {
      let code =
        if case .text(let text) = arguments[index] {
          texts.bind(text, to: handle, at: Int32(index + 1))
        } else {
          Self.bind(arguments[index], to: handle, at: Int32(index + 1))
        }
      guard code == SQLITE_OK else { throw SQLError(latestOf: database) }
    }
    var result = SQLResult()
    result.columns = columnNames
    let columnCount = Int32(result.columns.count)
    stepping: while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW:
        var row: [SQLValue] = []
        row.reserveCapacity(Int(columnCount))
        for index in 0..<columnCount { row.append(Self.value(of: handle, at: index)) }
        result.rows.append(row)
      case SQLITE_DONE: break stepping
      default: throw SQLError(latestOf: database)
      }
    }
    if !isReadonly {
      result.affectedRowCount = database.changesCount
      result.lastInsertRowID = database.lastInsertedRowID
    }
    return result
  }

  /// Tells SQLite to copy the bytes before the call returns.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  static func bind(
    _ value: SQLValue, to handle: OpaquePointer, at index: Int32
  ) -> Int32 {
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
        return sqlite3_bind_blob64(
          handle, index, base, sqlite3_uint64(buffer.count), transient)
      }
    }
  }

  static func value(of handle: OpaquePointer, at index: Int32) -> SQLValue {
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
