import GRDB
import GRDBSQLite

/// Steps through the rows of queries on one snapshot.
struct RowVisitor {
  private let database: Database

  fileprivate init(database: Database) { self.database = database }

  func query(_ sql: String) throws -> Query {
    Query(statement: try database.cachedStatement(sql: sql), database: database)
  }

  /// A compiled query, run as often as needed.
  struct Query {
    fileprivate let statement: Statement
    fileprivate let database: Database

    /// - Parameter body: returns whether to go on.
    func each(_ arguments: Int64..., body: (RowColumns) throws -> Bool) throws {
      let handle = statement.sqliteStatement
      defer { sqlite3_reset(handle) }
      for (index, argument) in arguments.enumerated() {
        guard sqlite3_bind_int64(handle, Int32(index + 1), argument) == SQLITE_OK else {
          throw SQLError(latestOf: database)
        }
      }
      while true {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: if try !body(RowColumns(handle)) { return }
        case SQLITE_DONE: return
        default: throw SQLError(latestOf: database)
        }
      }
    }
  }
}

extension SQLiteBackend {
  /// Runs `body` on a snapshot, on the thread of a connection.
  func visit<Value: Sendable>(
    _ body: @escaping @Sendable (RowVisitor) throws -> Value
  ) async throws -> Value {
    let connection = try await readers.acquire()
    defer { readers.release(connection) }
    return try await withCheckedThrowingContinuation { continuation in
      connection.schedule {
        continuation.resume(
          with: Result {
            try connection.beginSnapshot()
            defer { connection.endSnapshot() }
            // What `body` throws is handed on as it is.
            var outcome: Result<Value, any Error>?
            try connection.use { database in
              outcome = Result { try body(RowVisitor(database: database)) }
            }
            guard let outcome else { throw SQLError(kind: .other, message: "no outcome") }
            return try outcome.get()
          })
      }
    }
  }
}
