/// A statement or transaction that the database refused.
public struct SQLError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What a caller can act on.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A UNIQUE or PRIMARY KEY rule was broken.
    case uniqueViolation
    /// A FOREIGN KEY rule was broken.
    case foreignKeyViolation
    /// Another rule of the schema was broken.
    case constraintViolation
    /// Another process held the database longer than the busy time-out.
    case busy
    /// The file could not be read or written.
    case inputOutput
    /// There is no room left on the disk.
    case diskFull
    /// The file is no database.
    case notADatabase
    /// The file is damaged.
    case corrupt
    /// The file is missing, or may not be read or written.
    case cannotOpen
    /// The file or the connection may only be read.
    case readOnly
    /// A server did not answer.
    case unreachable
    /// No connection became free in time, or the store is being vacuumed.
    case poolExhausted
    /// Not tried, because calls before it kept failing.
    case circuitOpen
    /// The task was cancelled; nothing was changed.
    case cancelled
    /// The store was closed.
    case closed
    /// The statement is wrong, or something else went wrong.
    case other
  }

  /// What went wrong.
  public var kind: Kind
  /// SQLite's extended result code, 0 when there is none.
  public var code: Int
  /// The database's own words.
  public var message: String
  /// Whether a write may have been applied all the same, because the answer was lost on the way.
  public var mayHaveBeenApplied = false
  /// Which statement of the batch failed, from 0.
  package var statementIndex: Int?

  package init(kind: Kind, code: Int = 0, message: String, statementIndex: Int? = nil) {
    self.kind = kind
    self.code = code
    self.message = message
    self.statementIndex = statementIndex
  }

  /// The database's words and its result code.
  public var description: String {
    code == 0 ? message : "\(message) (SQLite result code \(code))"
  }
}
