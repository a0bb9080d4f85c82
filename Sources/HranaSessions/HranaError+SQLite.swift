internal import GRDBSQLite
internal import Hrana

extension HranaError {
  static func sqlTooLong(_ bytes: Int, max: Int) -> HranaError {
    HranaError("SQL_PARSE_ERROR", "the SQL has \(bytes) bytes; expected at most \(max)")
  }

  static let responseTooLarge = HranaError(
    "RESPONSE_TOO_LARGE",
    "the result is too large for one answer; ask for fewer rows, or by a cursor")

  static let tooSlow = HranaError(
    "SQLITE_INTERRUPT", "the request took too long, and was broken off")

  static let closed = HranaError("STREAM_CLOSED", "the stream was closed by a request before")

  /// The latest error of a connection.
  ///
  /// - Parameter isPreparing: whether a text was being compiled, not run.
  init(latestOf handle: OpaquePointer, isPreparing: Bool = false) {
    let extended = sqlite3_extended_errcode(handle)
    let message = String(cString: sqlite3_errmsg(handle))
    let code = Self.codes[extended & 0xff] ?? "SQLITE_UNKNOWN"
    guard isPreparing, extended & 0xff == SQLITE_ERROR else {
      self.init(code, "SQLite error: \(message)", extendedCode: Self.extendedCodes[extended])
      return
    }
    let offset = sqlite3_error_offset(handle)
    if message.hasSuffix("syntax error") || message == "incomplete input" {
      self.init("SQL_PARSE_ERROR", "SQL cannot be parsed: \(message)")
    } else if offset >= 0 {
      self.init("SQL_INPUT_ERROR", "SQL input error: \(message) (at offset \(offset))")
    } else {
      self.init("SQLITE_ERROR", "SQLite error: \(message)")
    }
  }

  /// By primary result code.
  private static let codes: [Int32: String] = [
    SQLITE_ERROR: "SQLITE_ERROR", SQLITE_INTERNAL: "SQLITE_INTERNAL", SQLITE_PERM: "SQLITE_PERM",
    SQLITE_ABORT: "SQLITE_ABORT", SQLITE_BUSY: "SQLITE_BUSY", SQLITE_LOCKED: "SQLITE_LOCKED",
    SQLITE_NOMEM: "SQLITE_NOMEM", SQLITE_READONLY: "SQLITE_READONLY",
    SQLITE_INTERRUPT: "SQLITE_INTERRUPT", SQLITE_IOERR: "SQLITE_IOERR",
    SQLITE_CORRUPT: "SQLITE_CORRUPT", SQLITE_NOTFOUND: "SQLITE_NOTFOUND",
    SQLITE_FULL: "SQLITE_FULL", SQLITE_CANTOPEN: "SQLITE_CANTOPEN",
    SQLITE_PROTOCOL: "SQLITE_PROTOCOL", SQLITE_SCHEMA: "SQLITE_SCHEMA",
    SQLITE_TOOBIG: "SQLITE_TOOBIG", SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT",
    SQLITE_MISMATCH: "SQLITE_MISMATCH", SQLITE_MISUSE: "SQLITE_MISUSE",
    SQLITE_AUTH: "BLOCKED", SQLITE_RANGE: "SQLITE_RANGE", SQLITE_NOTADB: "SQLITE_NOTADB",
  ]

  /// Those that tell which rule was broken; macros that Swift does not see.
  private static let extendedCodes: [Int32: String] = [
    SQLITE_CONSTRAINT | 1 << 8: "SQLITE_CONSTRAINT_CHECK",
    SQLITE_CONSTRAINT | 3 << 8: "SQLITE_CONSTRAINT_FOREIGNKEY",
    SQLITE_CONSTRAINT | 5 << 8: "SQLITE_CONSTRAINT_NOTNULL",
    SQLITE_CONSTRAINT | 6 << 8: "SQLITE_CONSTRAINT_PRIMARYKEY",
    SQLITE_CONSTRAINT | 7 << 8: "SQLITE_CONSTRAINT_TRIGGER",
    SQLITE_CONSTRAINT | 8 << 8: "SQLITE_CONSTRAINT_UNIQUE",
    SQLITE_CONSTRAINT | 10 << 8: "SQLITE_CONSTRAINT_ROWID",
  ]
}
