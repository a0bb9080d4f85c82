internal import DurableStore
internal import Hrana

extension SQLError {
  /// What a server says of a statement.
  init(_ error: HranaError, statementIndex: Int? = nil) {
    let code = error.extendedCode ?? error.code ?? ""
    let (kind, number) = Self.kind(ofCode: code, message: error.message)
    self.init(
      kind: kind, code: number, message: error.message, statementIndex: statementIndex)
  }

  /// A server that did not answer as it should.
  ///
  /// - Parameter mayHaveBeenApplied: whether it may have done what it was asked all the same.
  static func unreachable(_ message: String, mayHaveBeenApplied: Bool = false) -> SQLError {
    var error = SQLError(kind: .unreachable, message: message)
    error.mayHaveBeenApplied = mayHaveBeenApplied
    return error
  }

  /// SQLite's for what is too large.
  private static let tooLargeCode = 18

  /// An answer that is longer than is taken at once.
  static func answerTooLarge(mayHaveBeenApplied: Bool) -> SQLError {
    var error = SQLError(
      kind: .other, code: tooLargeCode, message: "the server's answer is longer than is taken")
    error.mayHaveBeenApplied = mayHaveBeenApplied
    return error
  }

  /// Whether the answer was too large to be given at once.
  var isOfSize: Bool { code == Self.tooLargeCode }

  private static func kind(ofCode code: String, message: String) -> (Kind, Int) {
    if code.hasPrefix("SQLITE_CONSTRAINT") { return constraint(code, message) }
    switch code {
    case "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT": return (.busy, 5)
    case "SQLITE_LOCKED": return (.busy, 6)
    case "SQLITE_PROTOCOL": return (.busy, 15)
    // The server broke it off, and undid it; it would take as long again.
    case "SQLITE_INTERRUPT": return (.other, 9)
    // The server undid it.
    case "TRANSACTION_TIMEOUT", "TRANSACTION_BUSY", "STREAMS_EXHAUSTED":
      return (.busy, 0)
    case "STREAM_EXPIRED", "BATON_INVALID", "BATON_IN_USE", "STREAM_CLOSED":
      return (.unreachable, 0)
    case "RESPONSE_TOO_LARGE", "SQLITE_TOOBIG": return (.other, tooLargeCode)
    case "SQLITE_FULL": return (.diskFull, 13)
    case "SQLITE_CORRUPT": return (.corrupt, 11)
    case "SQLITE_NOTADB": return (.notADatabase, 26)
    case "SQLITE_CANTOPEN": return (.cannotOpen, 14)
    case "SQLITE_READONLY", "BLOCKED": return (.readOnly, 8)
    case "SQLITE_SCHEMA": return (.busy, 17)
    case let code where code.hasPrefix("SQLITE_IOERR"): return (.inputOutput, 10)
    default: return (.other, 0)
    }
  }

  /// Some servers tell which rule was broken in words only.
  private static func constraint(_ code: String, _ message: String) -> (Kind, Int) {
    switch code {
    case "SQLITE_CONSTRAINT_UNIQUE": return (.uniqueViolation, 2067)
    case "SQLITE_CONSTRAINT_PRIMARYKEY": return (.uniqueViolation, 1555)
    case "SQLITE_CONSTRAINT_FOREIGNKEY": return (.foreignKeyViolation, 787)
    case _ where message.contains("UNIQUE constraint failed"): return (.uniqueViolation, 2067)
    case _ where message.contains("FOREIGN KEY constraint failed"):
      return (.foreignKeyViolation, 787)
    default: return (.constraintViolation, 19)
    }
  }
}
