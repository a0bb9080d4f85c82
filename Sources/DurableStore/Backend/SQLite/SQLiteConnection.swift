import GRDBSQLite
internal import Synchronization

/// One connection to a database file, with the statements it has compiled.
///
/// Not for two threads at once: the pool hands it to one caller at a time, the writer keeps its own
/// on one queue. Only ``interrupt()`` may be called from anywhere while the connection is open.
final class SQLiteConnection: PooledConnection, @unchecked Sendable {
  enum Role {
    /// Creates a file that is missing.
    case writer
    /// Refuses statements that change anything.
    case reader
    /// Leaves the file as it is, even if its write-ahead log is to be recovered.
    case inspection
  }

  let handle: OpaquePointer
  private let counters: StatementCounters
  private var statements: [String: PreparedStatement] = [:]
  private var useCount = 0
  private(set) var isUsable = true

  /// Statements of the store are constants and a few hundred combinations of filters; those used
  /// longest ago go first.
  private static let statementsMax = 128

  init(
    path: String, role: Role, busyTimeoutSeconds: Double, counters: StatementCounters
  ) throws(SQLError) {
    var flags = SQLITE_OPEN_NOMUTEX
    switch role {
    case .writer: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .reader: flags |= SQLITE_OPEN_READWRITE
    case .inspection: flags |= SQLITE_OPEN_READONLY
    }
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard let handle else {
      throw SQLError(code: code, message: "no memory for a connection")
    }
    self.handle = handle
    self.counters = counters
    guard code == SQLITE_OK else {
      let error = SQLError(connection: handle)
      sqlite3_close_v2(handle)
      throw error
    }
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Int32(min(busyTimeoutSeconds * 1000, 1e9)))
    do throws(SQLError) {
      // 16 MiB of pages a connection at most.
      try script("PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA trusted_schema = ON")
      if role == .reader { try script("PRAGMA query_only = ON") }
    } catch {
      sqlite3_close_v2(handle)
      throw error
    }
  }

  func close() {
    for statement in statements.values { statement.finalize() }
    statements = [:]
    isUsable = false
    sqlite3_close_v2(handle)
  }

  /// Ends the statement under way with an error; nothing happens without one.
  func interrupt() { sqlite3_interrupt(handle) }

  /// Runs statements that return nothing and stand alone, such as settings.
  func script(_ sql: String) throws(SQLError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw SQLError(connection: handle)
    }
  }

  func execute(_ statement: SQLStatement) throws(SQLError) -> SQLResult {
    let prepared = try prepare(statement.sql)
    counters.executed.add(1, ordering: .relaxed)
    do {
      return try prepared.run(statement.arguments, connection: handle)
    } catch {
      // What is wrong with the file may be wrong with this connection only.
      switch error.kind {
      case .inputOutput, .corrupt, .notADatabase, .cannotOpen: isUsable = false
      default: break
      }
      throw error
    }
  }

  /// Runs statements one after the other, without a transaction of its own.
  func execute(_ batch: [SQLStatement]) throws(SQLError) -> [SQLResult] {
    var results: [SQLResult] = []
    results.reserveCapacity(batch.count)
    for (index, statement) in batch.enumerated() {
      do throws(SQLError) {
        results.append(try execute(statement))
      } catch {
        var located = error
        located.statementIndex = index
        throw located
      }
    }
    return results
  }

  /// Runs queries on one snapshot.
  func read(_ batch: [SQLStatement]) throws(SQLError) -> [SQLResult] {
    // A statement alone sees one state anyway.
    if batch.count == 1 { return try execute(batch) }
    return try transaction(Self.beginReading) { () throws(SQLError) in try execute(batch) }
  }

  /// How often a transaction is run again because the schema changed under it.
  private static let schemaRetriesMax = 50

  /// Runs `body` in a transaction, and undoes it when it throws.
  ///
  /// A migration or vacuum of another process changes the version of the schema. SQLite prepares a
  /// statement again by itself then, but not one whose triggers reach virtual tables: `body` is run
  /// again from its start.
  func transaction<Value>(
    _ begin: SQLStatement, _ body: () throws(SQLError) -> Value
  ) throws(SQLError) -> Value {
    var retries = 0
    while true {
      do throws(SQLError) {
        return try transactionOnce(begin, body)
      } catch {
        guard error.code & 0xff == Int(SQLITE_SCHEMA), retries < Self.schemaRetriesMax else {
          throw error
        }
        retries += 1
      }
    }
  }

  private func transactionOnce<Value>(
    _ begin: SQLStatement, _ body: () throws(SQLError) -> Value
  ) throws(SQLError) -> Value {
    _ = try execute(begin)
    do throws(SQLError) {
      let value = try body()
      _ = try execute(Self.commit)
      return value
    } catch {
      rollBack()
      throw error
    }
  }

  /// Some errors have ended the transaction already.
  private func rollBack() {
    guard sqlite3_get_autocommit(handle) == 0 else { return }
    if sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) != SQLITE_OK { isUsable = false }
  }

  static let beginReading = SQLStatement("BEGIN DEFERRED")
  static let beginWriting = SQLStatement("BEGIN IMMEDIATE")
  private static let commit = SQLStatement("COMMIT")

  private func prepare(_ sql: String) throws(SQLError) -> PreparedStatement {
    useCount += 1
    if let found = statements[sql] {
      found.lastUse = useCount
      return found
    }
    let prepared = try PreparedStatement(sql: sql, connection: handle)
    counters.prepared.add(1, ordering: .relaxed)
    prepared.lastUse = useCount
    if statements.count >= Self.statementsMax,
      let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      oldest.value.finalize()
      statements[oldest.key] = nil
    }
    statements[sql] = prepared
    return prepared
  }
}
