import GRDB
import GRDBSQLite

extension SQLError {
  /// Reads an error of a connection or of the pool.
  init(_ error: any Error) {
    switch error {
    case let error as SQLError: self = error
    case let error as DatabaseError:
      self.init(
        code: error.extendedResultCode.rawValue, message: error.message ?? "unknown error")
    case is CancellationError:
      self.init(kind: .cancelled, message: "the task was cancelled")
    default: self.init(kind: .other, message: String(describing: error))
    }
  }

  init(code: CInt, message: String) {
    self.init(kind: Self.kind(ofCode: code), code: Int(code), message: message)
  }

  private static func kind(ofCode code: CInt) -> Kind {
    switch ResultCode(rawValue: code) {
    case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: return .uniqueViolation
    case .SQLITE_CONSTRAINT_FOREIGNKEY: return .foreignKeyViolation
    default: break
    }
    // The low byte is the primary code; the rest tells variants of it apart.
    switch code & 0xff {
    case SQLITE_CONSTRAINT: return .constraintViolation
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy
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
