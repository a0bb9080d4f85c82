internal import Episodes
internal import GRDBSQLite
internal import Hrana

/// A statement as SQLite has compiled it. Used by the thread that uses its connection.
final class SQLCompiledStatement {
  // SAFETY: valid until `deinit`.
  private let handle: OpaquePointer
  /// Whether it inserts, updates or deletes rows by itself.
  let changesRows: Bool
  private(set) var isInUse = false

  init(_ handle: OpaquePointer, changesRows: Bool) {
    self.handle = handle
    self.changesRows = changesRows
  }

  deinit { sqlite3_finalize(handle) }

  var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }
  var isExplain: Bool { sqlite3_stmt_isexplain(handle) != 0 }

  var columns: [HranaStatementResult.Column] {
    (0..<sqlite3_column_count(handle)).map { index in
      HranaStatementResult.Column(
        name: sqlite3_column_name(handle, index).map { String(cString: $0) },
        declaredType: sqlite3_column_decltype(handle, index).map { String(cString: $0) })
    }
  }

  /// The names of its parameters, with their `:`, `@` or `$`.
  var parameters: [String?] {
    let count = sqlite3_bind_parameter_count(handle)
    return (0..<count).map { index in
      sqlite3_bind_parameter_name(handle, index + 1).map { String(cString: $0) }
    }
  }

  // MARK: - Arguments

  /// Gives the parameters their values; each must get one.
  func bind(_ statement: HranaStatement) throws(HranaError) {
    let count = Int(sqlite3_bind_parameter_count(handle))
    guard statement.arguments.count <= count else {
      throw HranaError(
        "ARGS_INVALID",
        "the statement takes \(count) values, not \(statement.arguments.count)")
    }
    isInUse = true
    var isBound = [Bool](repeating: false, count: count)
    for (index, value) in statement.arguments.enumerated() {
      try bind(value, at: index)
      isBound[index] = true
    }
    for argument in statement.namedArguments {
      guard let index = index(of: argument.name) else {
        throw HranaError(
          "ARGS_INVALID", "the statement has no parameter '\(argument.name.prefix(60))'")
      }
      try bind(argument.value, at: index)
      isBound[index] = true
    }
    if let missing = isBound.firstIndex(of: false) {
      let name = parameters[missing].map { "'\($0)'" } ?? "\(missing + 1)"
      throw HranaError("ARGS_INVALID", "the parameter \(name) has no value")
    }
  }

  private func index(of name: String) -> Int? {
    for prefix in ["", ":", "@", "$"] {
      let index = sqlite3_bind_parameter_index(handle, prefix + name)
      if index > 0 { return Int(index) - 1 }
    }
    return nil
  }

  /// Tells SQLite to copy the bytes before the call returns.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func bind(_ value: HranaValue, at position: Int) throws(HranaError) {
    let index = Int32(position + 1)
    let code: Int32
    switch value {
    case .null: code = sqlite3_bind_null(handle, index)
    case .integer(let integer): code = sqlite3_bind_int64(handle, index, integer)
    case .float(let number): code = sqlite3_bind_double(handle, index, number)
    case .text(var text):
      // SAFETY: the pointer is used inside the closure only; SQLite copies the bytes.
      code = text.withUTF8 { bytes in
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
      code = bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress, buffer.count > 0 else {
          return sqlite3_bind_zeroblob(handle, index, 0)
        }
        return sqlite3_bind_blob64(
          handle, index, base, sqlite3_uint64(buffer.count), Self.transient)
      }
    }
    guard code == SQLITE_OK else {
      throw HranaError(latestOf: sqlite3_db_handle(handle))
    }
  }

  // MARK: - Rows

  /// Goes to the next row.
  ///
  /// - Returns: false after the last.
  func step() throws(HranaError) -> Bool {
    isInUse = true
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw HranaError(latestOf: sqlite3_db_handle(handle))
    }
  }

  /// About how many bytes the row it stands on takes in an answer; nothing is copied for it.
  var rowByteCount: Int {
    (0..<sqlite3_column_count(handle)).reduce(0) { sum, index in
      let type = sqlite3_column_type(handle, index)
      guard type == SQLITE_TEXT || type == SQLITE_BLOB else { return sum + 32 }
      return sum + 32 + Int(sqlite3_column_bytes(handle, index)) / 3 * 4
    }
  }

  /// The values of the row it stands on.
  var row: [HranaValue] {
    (0..<sqlite3_column_count(handle)).map { index in value(at: index) }
  }

  /// Appends the row it stands on as a list of values, from where SQLite holds it.
  func writeRow(to writer: inout JSONWriter) {
    writer.raw("[")
    var isFirst = true
    for index in 0..<sqlite3_column_count(handle) {
      writer.separate(&isFirst)
      switch sqlite3_column_type(handle, index) {
      case SQLITE_TEXT:
        // SAFETY: the bytes stay valid until the next step; they are copied here.
        let text = sqlite3_column_text(handle, index)
        let count = text == nil ? 0 : Int(sqlite3_column_bytes(handle, index))
        writer.raw(#"{"type":"text","value":"#)
        writer.string(utf8: UnsafeRawBufferPointer(start: text, count: count))
        writer.raw("}")
      case SQLITE_BLOB:
        // SAFETY: as above.
        let bytes = sqlite3_column_blob(handle, index)
        let count = bytes == nil ? 0 : Int(sqlite3_column_bytes(handle, index))
        writer.raw(#"{"type":"blob","base64":"#)
        writer.base64(UnsafeRawBufferPointer(start: bytes, count: count))
        writer.raw("}")
      default: value(at: index).write(to: &writer)
      }
    }
    writer.raw("]")
  }

  private func value(at index: Int32) -> HranaValue {
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return .float(sqlite3_column_double(handle, index))
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

  /// Makes it ready to be run again.
  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    isInUse = false
  }
}
