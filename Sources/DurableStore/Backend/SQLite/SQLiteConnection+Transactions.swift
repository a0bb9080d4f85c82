import GRDB
internal import Synchronization

extension SQLiteConnection {
  /// Runs queries on one snapshot, or on that of the transaction that is open.
  func read(_ batch: [SQLStatement]) throws(SQLError) -> [SQLResult] {
    try use { database in
      // A statement alone sees one state anyway.
      if batch.count == 1 || database.isInsideTransaction {
        return try self.run(batch, on: database)
      }
      var results: [SQLResult] = []
      try self.transaction(.deferred, on: database) {
        results = try self.run(batch, on: database)
      }
      return results
    }
  }

  /// Runs `body` in a transaction that nobody else may write in, and undoes it when it throws.
  func write(_ body: () throws -> Void) throws(SQLError) {
    try use { database in try self.transaction(.immediate, on: database, body) }
  }

  /// Fixes what the queries see until ``endSnapshot()``.
  func beginSnapshot() throws(SQLError) {
    try use { database in
      try database.beginTransaction(.deferred)
      do {
        // The first read does it.
        try database.execute(sql: "SELECT 1 FROM sqlite_schema")
      } catch {
        self.endSnapshot()
        throw error
      }
    }
  }

  /// The same away from the caller's thread: another process may hold the file for as long as the busy
  /// time-out lasts.
  func beginSnapshotInBackground() async throws(SQLError) {
    do {
      try await queue.unsafeRead { _ in try self.beginSnapshot() }
    } catch {
      // A task that was cancelled gets an error whether or not it had begun.
      endSnapshot()
      throw noting(SQLError(error))
    }
  }

  func endSnapshot() {
    do throws(SQLError) {
      try use { database in try database.rollback() }
    } catch {
      isSound.store(false, ordering: .relaxed)
    }
  }

  /// Makes `other` a copy of this database as it is now, in one transaction.
  func backUp(to other: SQLiteConnection) throws(SQLError) {
    try beginSnapshot()
    defer { endSnapshot() }
    try use { source in
      try other.use { destination in try source.backup(to: destination) }
    }
  }

  /// How often a transaction is run again because the schema changed under it.
  private static let schemaRetriesMax = 50

  /// Runs `body` in a transaction, and undoes it when it throws.
  ///
  /// A migration or vacuum of another process changes the version of the schema. SQLite prepares a
  /// statement again by itself then, but not one whose triggers reach virtual tables: `body` is run
  /// again from its start.
  private func transaction(
    _ kind: Database.TransactionKind, on database: Database, _ body: () throws -> Void
  ) throws {
    // Only a rollback that failed leaves it open.
    defer { if database.isInsideTransaction { isSound.store(false, ordering: .relaxed) } }
    var retries = 0
    while true {
      do {
        return try database.inTransaction(kind) {
          try body()
          return .commit
        }
      } catch {
        guard SQLError(error).isSchemaChange, retries < Self.schemaRetriesMax else { throw error }
        retries += 1
      }
    }
  }
}
