import GRDBSQLite

extension SQLError {
  /// The latest error of a connection.
  init(connection: OpaquePointer) {
    self.init(
      code: sqlite3_extended_errcode(connection),
      message: sqlite3_errmsg(connection).map { String(cString: $0) } ?? "unknown error")
  }

  init(code: Int32, message: String) {
    self.init(kind: Self.kind(ofCode: code), code: Int(code), message: message)
  }

  private static func kind(ofCode code: Int32) -> Kind {
    // The low byte is the primary code; the rest tells variants of it apart.
    let primary = code & 0xff
    if primary == SQLITE_CONSTRAINT {
      switch code >> 8 {
      // SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY, macros that Swift does not see.
      case 8, 6: return .uniqueViolation
      case 3: return .foreignKeyViolation
      default: return .constraintViolation
      }
    }
    switch primary {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: return .busy
    case SQLITE_IOERR: return .inputOutput
    case SQLITE_FULL: return .diskFull
    case SQLITE_NOTADB: return .notADatabase
    case SQLITE_CORRUPT: return .corrupt
    case SQLITE_CANTOPEN: return .cannotOpen
    case SQLITE_READONLY, SQLITE_PERM: return .readOnly
    case SQLITE_INTERRUPT, SQLITE_ABORT: return .cancelled
    case SQLITE_MISUSE: return .closed
    default: return .other
    }
  }
}
