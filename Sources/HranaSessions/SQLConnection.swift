internal import GRDBSQLite
internal import Hrana

/// A connection to the database for others than this program: what it compiles is checked, and what it runs ends in
/// time. Used by one thread at a time.
///
/// SQLite is called directly, because GRDB has its own use for the authorizer, and compiles no more than the first
/// of several statements.
final class SQLConnection {
  let watch = StatementWatch()
  let limits: HranaLimits
  // SAFETY: open from `init` to `deinit`; callers take turns.
  let handle: OpaquePointer
  let policy: StatementPolicy
  private var statements: [String: SQLCompiledStatement] = [:]

  /// Statements that stay compiled.
  private static let statementsMax = 100
  /// The bytes of all texts that stay compiled: many long ones would fill memory. Those that insert 64 episodes have
  /// 17,000.
  private static let keptTextBytesMax = 512 << 10
  private var keptTextBytes = 0

  /// - Parameter keptByTriggers: tables that clients do not insert into or update themselves.
  /// - Throws: `HranaError` when the file cannot be opened.
  init(
    path: String, access: HranaAccess, keptByTriggers: Set<String>, limits: HranaLimits
  ) throws(HranaError) {
    var opened: OpaquePointer?
    let flags =
      (access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard let opened, code == SQLITE_OK else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
      sqlite3_close_v2(opened)
      throw HranaError("SQLITE_CANTOPEN", "the database cannot be opened: \(message)")
    }
    handle = opened
    self.limits = limits
    policy = StatementPolicy(access: access, keptByTriggers: keptByTriggers)
    sqlite3_extended_result_codes(opened, 1)
    sqlite3_busy_timeout(opened, Int32(limits.busySeconds * 1000))
    sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, Int32(clamping: limits.valueBytesMax))
    sqlite3_limit(opened, SQLITE_LIMIT_SQL_LENGTH, Int32(clamping: limits.statementBytesMax))
    sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0)
    sqlite3_limit(opened, SQLITE_LIMIT_COLUMN, Int32(clamping: limits.columnsMax))
    let settings =
      "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
      + (access == .readOnly ? "PRAGMA query_only = ON;" : "")
    guard sqlite3_exec(opened, settings, nil, nil, nil) == SQLITE_OK else {
      let error = HranaError(latestOf: opened)
      sqlite3_close_v2(opened)
      throw error
    }
    // SAFETY: both live as long as the handle.
    sqlite3_set_authorizer(
      opened,
      { context, action, first, second, database, trigger in
        guard let context else { return SQLITE_DENY }
        let policy = Unmanaged<StatementPolicy>.fromOpaque(context).takeUnretainedValue()
        let isAllowed = policy.allows(
          action, first.map { String(cString: $0) }, second.map { String(cString: $0) },
          database: database.map { String(cString: $0) },
          trigger: trigger.map { String(cString: $0) })
        return isAllowed ? SQLITE_OK : SQLITE_DENY
      }, Unmanaged.passUnretained(policy).toOpaque())
    sqlite3_progress_handler(
      opened, 5000,
      { context in
        guard let context else { return 1 }
        return Unmanaged<StatementWatch>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
      }, Unmanaged.passUnretained(watch).toOpaque())
  }

  deinit {
    statements = [:]
    sqlite3_close_v2(handle)
  }

  /// Whether no transaction is open.
  var isAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// Whether a transaction is open that keeps others from writing.
  var isWriting: Bool { sqlite3_txn_state(handle, nil) == SQLITE_TXN_WRITE }

  /// Undoes what is not committed.
  func rollBack() {
    for statement in statements.values { statement.reset() }
    if !isAutocommit { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }

  /// A compiled statement, from those kept where it is one of them.
  func statement(_ sql: String) throws(HranaError) -> SQLCompiledStatement {
    if let statement = statements[sql], !statement.isInUse { return statement }
    let text = Array(sql.utf8CString)
    let (statement, end) = try compile(text)
    guard let statement else {
      throw HranaError("SQL_NO_STATEMENT", "the SQL has no statement")
    }
    if end < text.count - 1, try compile(text, from: end).statement != nil {
      throw HranaError("SQL_MANY_STATEMENTS", "the SQL has several statements; expected one")
    }
    let bytes = sql.utf8.count
    guard bytes <= Self.keptTextBytesMax / 8 else { return statement }
    if statements.count >= Self.statementsMax || keptTextBytes + bytes > Self.keptTextBytesMax {
      statements = [:]
      keptTextBytes = 0
    }
    if statements.updateValue(statement, forKey: sql) == nil { keptTextBytes += bytes }
    return statement
  }

  /// Compiles the first of the statements of a text, from a place on.
  ///
  /// - Parameter text: in UTF-8, with a zero at its end: else SQLite would copy the rest of it for each statement.
  /// - Returns: nil where there is none, and where the text after it begins.
  func compile(
    _ text: [CChar], from start: Int = 0
  ) throws(HranaError) -> (statement: SQLCompiledStatement?, end: Int) {
    let count = text.count - 1
    guard count <= limits.statementBytesMax else {
      throw .sqlTooLong(count, max: limits.statementBytesMax)
    }
    policy.begin()
    var compiled: OpaquePointer?
    var end = count
    // SAFETY: the bytes are used inside the closure only, and the count of those from `start` on is given.
    let code = text.withUnsafeBufferPointer { text -> Int32 in
      guard let base = text.baseAddress, start < count else { return SQLITE_OK }
      var tail: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v3(
        handle, base + start, Int32(text.count - start), 0, &compiled, &tail)
      if let tail { end = tail - base }
      return code
    }
    if code != SQLITE_OK, let refused = policy.refused {
      throw HranaError("BLOCKED", "the statement is not allowed here: \(refused)")
    }
    guard code == SQLITE_OK else { throw HranaError(latestOf: handle, isPreparing: true) }
    guard let compiled else { return (nil, end) }
    return (SQLCompiledStatement(compiled, changesRows: policy.changesRows), end)
  }
}
