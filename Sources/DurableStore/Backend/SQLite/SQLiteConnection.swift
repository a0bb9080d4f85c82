import GRDB
internal import Synchronization

/// One connection to a database file: a queue of GRDB, with the statements it has compiled.
///
/// Calls run on the thread of the caller, one at a time. They may be nested.
final class SQLiteConnection: PooledConnection {
  enum Role {
    /// Creates a file that is missing.
    case writer
    /// Leaves the file as it is.
    case reader
  }

  let queue: DatabaseQueue
  private let counters: StatementCounters
  let isSound = Atomic<Bool>(true)
  private let compiledCount = Atomic<Int>(0)

  /// Statements of the store are constants and a few hundred combinations of filters. GRDB's cache
  /// has no bound of its own; with more of them it starts anew.
  private static let statementsMax = 512

  init(
    path: String, role: Role, busyTimeoutSeconds: Double, counters: StatementCounters
  ) throws(SQLError) {
    var configuration = Configuration()
    configuration.label = role == .writer ? "engram.store.writer" : "engram.store.reader"
    configuration.readonly = role == .reader
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(min(busyTimeoutSeconds, 1e6))
    // A snapshot lasts longer than one call; and when a disk fails so that even a rollback does, the
    // connection is given up, not the process.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { database in
      // 16 MiB of pages a connection at most.
      try database.execute(
        sql: "PRAGMA cache_size = -16384; PRAGMA trusted_schema = ON")
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw SQLError(error)
    }
    self.counters = counters
  }

  /// Whether it may be used again.
  var isUsable: Bool { isSound.load(ordering: .relaxed) }

  /// Waits for the call under way.
  func close() {
    isSound.store(false, ordering: .relaxed)
    // Fails with statements that are in use, of which there are none here.
    try? queue.close()
  }

  // MARK: - Access

  /// Runs `body` with GRDB's own connection.
  func use<Value>(_ body: (Database) throws -> Value) throws(SQLError) -> Value {
    do {
      return try queue.unsafeReentrantWrite(body)
    } catch {
      throw noting(SQLError(error))
    }
  }

  /// Runs `body` over rows of the snapshot that is open, away from the caller's thread.
  func visit<Value: Sendable>(
    _ body: @escaping @Sendable (RowVisitor) throws -> Value
  ) async throws -> Value {
    // What `body` throws is handed on as it is.
    let outcome: Result<Value, any Error>
    do {
      outcome = try await queue.unsafeRead { database in
        guard database.isInsideTransaction else { throw Self.endedSnapshot }
        return Result { try body(RowVisitor(database: database)) }
      }
    } catch {
      throw noting(SQLError(error))
    }
    do {
      return try outcome.get()
    } catch let error as SQLError {
      throw noting(error)
    }
  }

  /// Runs `body` over rows on the caller's thread.
  func lookUp<Value>(_ body: (RowVisitor) throws -> Value) throws(SQLError) -> Value {
    try use { database in
      try body(RowVisitor(database: database) { self.note($0, on: database) })
    }
  }

  private static var endedSnapshot: SQLError {
    SQLError(kind: .inputOutput, message: "a read that failed before has ended the snapshot")
  }

  /// Runs queries on one snapshot, or on that of the transaction that is open, away from the
  /// caller's thread. A task that is cancelled interrupts them.
  ///
  /// - Parameter inSnapshot: whether a snapshot must be there still: a call of the disk that fails ends it.
  func readInBackground(
    _ batch: [SQLStatement], inSnapshot: Bool = false
  ) async throws(SQLError) -> [SQLResult] {
    do {
      return try await queue.unsafeRead { database in
        guard !inSnapshot || database.isInsideTransaction else { throw Self.endedSnapshot }
        return try self.read(batch)
      }
    } catch {
      throw noting(SQLError(error))
    }
  }

  /// What is wrong with the file may be wrong with this connection only.
  func noting(_ error: SQLError) -> SQLError {
    switch error.kind {
    case .inputOutput, .corrupt, .notADatabase, .cannotOpen:
      isSound.store(false, ordering: .relaxed)
    default: break
    }
    return error
  }

  // MARK: - Statements

  /// Runs statements that return nothing and stand alone, such as settings.
  func script(_ sql: String) throws(SQLError) {
    try use { database in try database.execute(sql: sql) }
  }

  func execute(_ statement: SQLStatement) throws(SQLError) -> SQLResult {
    try use { database in try self.run(statement, on: database) }
  }

  /// Runs statements one after the other, without a transaction of its own.
  func execute(_ batch: [SQLStatement]) throws(SQLError) -> [SQLResult] {
    try use { database in try self.run(batch, on: database) }
  }

  func run(_ batch: [SQLStatement], on database: Database) throws -> [SQLResult] {
    var results: [SQLResult] = []
    results.reserveCapacity(batch.count)
    for (index, statement) in batch.enumerated() {
      do {
        results.append(try run(statement, on: database))
      } catch {
        var located = SQLError(error)
        located.statementIndex = index
        throw located
      }
    }
    return results
  }

  private func run(_ statement: SQLStatement, on database: Database) throws -> SQLResult {
    let prepared = try database.cachedStatement(sql: statement.sql)
    note(prepared, on: database)
    return try prepared.run(statement.arguments, on: database)
  }

  /// Counts a statement that is about to be run.
  private func note(_ statement: Statement, on database: Database) {
    if statement.isNew { noteCompilation(on: database) }
    counters.executed.add(1, ordering: .relaxed)
  }

  private func noteCompilation(on database: Database) {
    counters.prepared.add(1, ordering: .relaxed)
    let count = compiledCount.add(1, ordering: .relaxed).newValue
    guard count > Self.statementsMax else { return }
    database.releaseMemory()
    compiledCount.store(0, ordering: .relaxed)
  }
}
