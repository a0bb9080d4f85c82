import GRDBSQLite

/// A compiled statement of one connection.
///
/// Values are bound and read through SQLite's own calls: texts keep their length, so that a NUL
/// inside one survives, and nothing is boxed on the way.
final class PreparedStatement {
  private let handle: OpaquePointer
  private let parameterCount: Int
  private let columnCount: Int32
  /// The names of the columns, made once.
  private let columns: [String]
  let isReadOnly: Bool
  /// Rises with each use, by which the cache finds the one used longest ago.
  var lastUse = 0

  init(sql: String, connection: OpaquePointer) throws(SQLError) {
    var handle: OpaquePointer?
    var sql = sql
    // SAFETY: the text is read inside the closure only.
    let code = sql.withUTF8 { bytes -> Int32 in
      bytes.withMemoryRebound(to: CChar.self) {
        sqlite3_prepare_v3(
          connection, $0.baseAddress, Int32($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &handle,
          nil)
      }
    }
    guard code == SQLITE_OK else { throw SQLError(connection: connection) }
    guard let handle else { throw SQLError(kind: .other, message: "the statement is empty") }
    self.handle = handle
    parameterCount = Int(sqlite3_bind_parameter_count(handle))
    columnCount = sqlite3_column_count(handle)
    columns = (0..<columnCount).map { index in
      sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
    }
    isReadOnly = sqlite3_stmt_readonly(handle) != 0
  }

  /// To be called before the connection is closed; the statement is not used after it.
  func finalize() { sqlite3_finalize(handle) }

  /// Runs the statement to its end.
  func run(
    _ arguments: [SQLValue], connection: OpaquePointer
  ) throws(SQLError) -> SQLResult {
    guard parameterCount == arguments.count else {
      throw SQLError(
        kind: .other,
        message: "the statement takes \(parameterCount) values, not \(arguments.count)")
    }
    defer {
      sqlite3_reset(handle)
      if parameterCount > 0 { sqlite3_clear_bindings(handle) }
    }
    for (index, value) in arguments.enumerated() {
      guard bind(value, at: Int32(index + 1)) == SQLITE_OK else {
        throw SQLError(connection: connection)
      }
    }
    var result = SQLResult()
    result.columns = columns
    stepping: while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW:
        var row: [SQLValue] = []
        row.reserveCapacity(Int(columnCount))
        for index in 0..<columnCount { row.append(value(at: index)) }
        result.rows.append(row)
      case SQLITE_DONE: break stepping
      default: throw SQLError(connection: connection)
      }
    }
    if !isReadOnly {
      result.affectedRowCount = Int(sqlite3_changes(connection))
      result.lastInsertRowID = sqlite3_last_insert_rowid(connection)
    }
    return result
  }

  /// Tells SQLite to copy the bytes before the call returns.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
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
            handle, index, $0, sqlite3_uint64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let bytes):
      // SAFETY: as above.
      return bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress, buffer.count > 0 else {
          return sqlite3_bind_zeroblob(handle, index, 0)
        }
        return sqlite3_bind_blob64(
          handle, index, base, sqlite3_uint64(buffer.count), Self.transient)
      }
    }
  }

  private func value(at index: Int32) -> SQLValue {
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
