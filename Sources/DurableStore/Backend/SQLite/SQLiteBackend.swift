import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// A database file in write-ahead mode: readers on snapshots of their own, one writer, and other
/// processes beside them.
final class SQLiteBackend: SQLBackend {
  let path: String
  /// Nil once closed.
  private let pool: Mutex<DatabasePool?>
  private let counters = Mutex(SQLBackendStatistics())

  /// Opens or creates the file.
  ///
  /// - Parameters:
  ///   - path: the file; its folder must exist.
  ///   - busyTimeoutSeconds: how long to wait for other processes.
  ///   - readersMax: connections for reading.
  init(path: String, busyTimeoutSeconds: Double, readersMax: Int) throws(SQLError) {
    var configuration = Configuration()
    configuration.label = "engram.store"
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.foreignKeysEnabled = true
    configuration.maximumReaderCount = max(1, readersMax)
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA cache_size = -16384;
          PRAGMA secure_delete = FAST;
          """)
    }
    self.path = path
    do {
      let pool = try Self.open(
        path: path, configuration: configuration, seconds: busyTimeoutSeconds)
      try pool.writeWithoutTransaction { db in
        // GRDB sets NORMAL, which can lose the last commits when the power fails.
        try db.execute(
          sql: """
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4000;
            """)
      }
      self.pool = Mutex(pool)
    } catch {
      throw SQLError(error)
    }
  }

  /// Entering write-ahead mode does not wait for the busy time-out, so two processes that create one
  /// file together would fail: try again until the time is up.
  private static func open(
    path: String, configuration: Configuration, seconds: Double
  ) throws -> DatabasePool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      do {
        return try DatabasePool(path: path, configuration: configuration)
      } catch let error as DatabaseError
        where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
      {
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try await retryingSchemaChanges {
      try await self.openPool().read { db in try self.run(statements, on: db) }
    }
  }

  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try await retryingSchemaChanges {
      try await self.openPool().write { db in try self.run(statements, on: db) }
    }
  }

  /// How often a batch is run again because the schema changed under it.
  private static let schemaRetriesMax = 50

  /// Opening a pool on a file without a write-ahead log makes and drops a table, which changes the
  /// version of the schema for every process that has the file open. SQLite prepares a statement again
  /// by itself then, but not one whose triggers reach virtual tables: such a batch fails with
  /// SQLITE_SCHEMA, has been rolled back, and is run again from its start.
  private func retryingSchemaChanges(
    _ body: () async throws -> [SQLResult]
  ) async throws(SQLError) -> [SQLResult] {
    var retries = 0
    while true {
      do {
        return try await body()
      } catch {
        let error = SQLError(error)
        guard error.code & 0xff == Int(SQLITE_SCHEMA), retries < Self.schemaRetriesMax else {
          throw error
        }
        retries += 1
      }
    }
  }

  var statistics: SQLBackendStatistics { counters.withLock { $0 } }

  func fileByteCount() -> Int? {
    ["", "-wal"].reduce(0) { sum, suffix in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
      return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
  }

  /// Closes once the calls under way have ended.
  func close() {
    // Letting the pool go closes its readers first. The writer is then the last connection, and
    // brings the write-ahead log into the file and removes it; the pool's own `close()` does not.
    pool.withLock { $0 = nil }
  }

  private func openPool() throws(SQLError) -> DatabasePool {
    guard let pool = pool.withLock({ $0 }) else {
      throw SQLError(kind: .closed, message: "the store is closed")
    }
    return pool
  }

  private func run(_ statements: [SQLStatement], on db: Database) throws -> [SQLResult] {
    var cursor = StatementCursor(db: db)
    var results: [SQLResult] = []
    results.reserveCapacity(statements.count)
    defer {
      counters.withLock {
        $0.statementsExecuted += cursor.executedCount
        $0.statementsPrepared += cursor.preparedCount
      }
    }
    for (index, statement) in statements.enumerated() {
      do {
        results.append(try cursor.execute(statement))
      } catch {
        var located = SQLError(error)
        located.statementIndex = index
        throw located
      }
    }
    return results
  }
}
