import GRDB
import GRDBSQLite

/// Steps through the rows of queries on one snapshot.
package struct RowVisitor {
  private let database: Database

  init(database: Database) { self.database = database }

  func query(_ sql: String) throws -> Query {
    do {
      return Query(statement: try database.cachedStatement(sql: sql), database: database)
    } catch {
      throw SQLError(error)
    }
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
