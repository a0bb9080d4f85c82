import GRDB
import GRDBSQLite

/// A row where SQLite holds it: read without copies, and valid only until the function that it is handed to
/// returns.
package struct RowColumns {
  // SAFETY: a statement that stands on a row, and is not stepped while the columns are used.
  private let statement: OpaquePointer
  let count: Int

  init(_ statement: OpaquePointer) {
    self.statement = statement
    count = Int(sqlite3_data_count(statement))
  }

  /// A copy of a value.
  subscript(index: Int) -> SQLValue { Statement.value(of: statement, at: Int32(index)) }

  /// A row that does not have what the schema says, or more than the fast way can carry; it must be read in
  /// the ordinary way, which says what is wrong.
  package struct Unsuited: Error {
    package init() {}
  }

  package func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
  }

  /// The bytes of a text.
  package func text(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    let index = Int32(column)
    guard sqlite3_column_type(statement, index) == SQLITE_TEXT else { throw Unsuited() }
    let start = sqlite3_column_text(statement, index)
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  package func optionalText(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer? {
    isNull(column) ? nil : try text(column)
  }

  package func blob(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    let index = Int32(column)
    guard sqlite3_column_type(statement, index) == SQLITE_BLOB else { throw Unsuited() }
    let start = sqlite3_column_blob(statement, index)
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  package func integer(_ column: Int) throws(Unsuited) -> Int64 {
    guard sqlite3_column_type(statement, Int32(column)) == SQLITE_INTEGER else { throw Unsuited() }
    return sqlite3_column_int64(statement, Int32(column))
  }

  package func optionalInteger(_ column: Int) throws(Unsuited) -> Int64? {
    isNull(column) ? nil : try integer(column)
  }

  /// A number; a whole one is one too.
  package func real(_ column: Int) throws(Unsuited) -> Double {
    switch sqlite3_column_type(statement, Int32(column)) {
    case SQLITE_FLOAT, SQLITE_INTEGER: return sqlite3_column_double(statement, Int32(column))
    default: throw Unsuited()
    }
  }
}
