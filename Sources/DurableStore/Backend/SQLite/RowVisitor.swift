import GRDB
import GRDBSQLite

/// Steps through the rows of queries on one snapshot.
package struct RowVisitor {
  private let database: Database
  private let noting: ((Statement) -> Void)?

  /// - Parameter noting: told of each query that is about to be run.
  init(database: Database, noting: ((Statement) -> Void)? = nil) {
    self.database = database
    self.noting = noting
  }

  func query(_ sql: String) throws -> Query {
    do {
      let statement = try database.cachedStatement(sql: sql)
      noting?(statement)
      return Query(statement: statement, database: database)
    } catch {
      throw SQLError(error)
    }
  }

  /// A compiled query, run as often as needed.
  struct Query {
    fileprivate let statement: Statement
    fileprivate let database: Database

    /// Runs `body` on the first row. The query stands on it meanwhile, so that other queries see the state of the
    /// database that it sees.
    ///
    /// - Returns: nil without a row.
    func first<Value>(
      _ argument: SQLValue, body: (RowColumns) throws -> Value
    ) throws -> Value? {
      let handle = statement.sqliteStatement
      defer {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
      }
      guard Statement.bind(argument, to: handle, at: 1) == SQLITE_OK else {
        throw SQLError(latestOf: database)
      }
      switch sqlite3_step(handle) {
      case SQLITE_ROW: return try body(RowColumns(handle))
      case SQLITE_DONE: return nil
      default: throw SQLError(latestOf: database)
      }
    }

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
