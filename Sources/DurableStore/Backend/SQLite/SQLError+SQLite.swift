import GRDB
import GRDBSQLite

extension SQLError {
  /// What GRDB, or a call that went through it, has thrown.
  init(_ error: any Error) {
    switch error {
    case let error as SQLError: self = error
    case let error as DatabaseError: self.init(error)
    case is CancellationError: self.init(kind: .cancelled, message: "the task was cancelled")
    default: self.init(kind: .other, message: String(describing: error))
    }
  }

  init(_ error: DatabaseError) {
    let code = error.extendedResultCode
    self.init(
      kind: Self.kind(ofCode: code.rawValue), code: Int(code.rawValue),
      message: error.message ?? code.description)
  }

  /// The latest error of a connection.
  init(latestOf database: Database) {
    self.init(
      DatabaseError(
        resultCode: database.lastErrorCode, message: database.lastErrorMessage))
  }

  private static let schemaChangedCode = 17

  /// Whether the error is SQLITE_SCHEMA: the statement must be prepared again, in a new transaction.
  var isSchemaChange: Bool { code & 0xff == Self.schemaChangedCode }

  /// Whether a connection that only reads has found what a killed writer left behind: SQLITE_READONLY_ROLLBACK,
  /// _RECOVERY or _CANTINIT.
  var needsRecovery: Bool {
    switch code {
    case 8 | 3 << 8, 8 | 1 << 8, 8 | 5 << 8: true
    default: false
    }
  }

  /// Whether a statement broke a rule or is wrong: the transaction it is in is as it was before it.
  var isOfStatement: Bool {
    switch kind {
    case .uniqueViolation, .foreignKeyViolation, .constraintViolation: true
    case .other: !isSchemaChange
    default: false
    }
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
