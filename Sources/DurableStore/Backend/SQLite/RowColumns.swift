import GRDB
import GRDBSQLite

/// A row where SQLite, or the answer of a server, holds it: read without copies, and valid only until the function that
/// it is handed to returns.
package struct RowColumns {
  private let source: Source

  private enum Source {
    // SAFETY: a statement that stands on a row, and is not stepped while the columns are used.
    case statement(OpaquePointer)
    // SAFETY: cells that outlive the columns, as do the bytes that they name.
    case cells(UnsafeBufferPointer<RowCell>)
  }

  init(_ statement: OpaquePointer) { source = .statement(statement) }

  package init(_ cells: UnsafeBufferPointer<RowCell>) { source = .cells(cells) }

  var count: Int {
    switch source {
    case .statement(let statement): Int(sqlite3_data_count(statement))
    case .cells(let cells): cells.count
    }
  }

  /// A copy of a value.
  subscript(index: Int) -> SQLValue {
    switch source {
    case .statement(let statement): Statement.value(of: statement, at: Int32(index))
    case .cells(let cells): cells[index].value
    }
  }

  /// A row that does not have what the schema says, or more than the fast way can carry; it must be read in
  /// the ordinary way, which says what is wrong.
  package struct Unsuited: Error {
    package init() {}
  }

  private static func cell(
    _ cells: UnsafeBufferPointer<RowCell>, _ column: Int
  ) throws(Unsuited) -> RowCell {
    guard cells.indices.contains(column) else { throw Unsuited() }
    return cells[column]
  }

  /// A value where it is.
  func cell(_ column: Int) throws(Unsuited) -> RowCell {
    switch source {
    case .cells(let cells): return try Self.cell(cells, column)
    case .statement(let statement):
      switch sqlite3_column_type(statement, Int32(column)) {
      case SQLITE_NULL: return .null
      case SQLITE_INTEGER: return .integer(try integer(column))
      case SQLITE_FLOAT: return .real(try real(column))
      case SQLITE_TEXT: return .text(try text(column))
      default: return .blob(try blob(column))
      }
    }
  }

  package func isNull(_ column: Int) -> Bool {
    switch source {
    case .statement(let statement):
      sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    case .cells(let cells):
      if case .null? = try? Self.cell(cells, column) { true } else { false }
    }
  }

  /// The bytes of a text.
  package func text(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    switch source {
    case .statement(let statement):
      let index = Int32(column)
      guard sqlite3_column_type(statement, index) == SQLITE_TEXT else { throw Unsuited() }
      let start = sqlite3_column_text(statement, index)
      return UnsafeRawBufferPointer(
        start: start, count: Int(sqlite3_column_bytes(statement, index)))
    case .cells(let cells):
      guard case .text(let bytes) = try Self.cell(cells, column) else { throw Unsuited() }
      return bytes
    }
  }

  package func optionalText(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer? {
    isNull(column) ? nil : try text(column)
  }

  package func blob(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    switch source {
    case .statement(let statement):
      let index = Int32(column)
      guard sqlite3_column_type(statement, index) == SQLITE_BLOB else { throw Unsuited() }
      let start = sqlite3_column_blob(statement, index)
      return UnsafeRawBufferPointer(
        start: start, count: Int(sqlite3_column_bytes(statement, index)))
    case .cells(let cells):
      guard case .blob(let bytes) = try Self.cell(cells, column) else { throw Unsuited() }
      return bytes
    }
  }

  package func integer(_ column: Int) throws(Unsuited) -> Int64 {
    switch source {
    case .statement(let statement):
      guard sqlite3_column_type(statement, Int32(column)) == SQLITE_INTEGER else {
        throw Unsuited()
      }
      return sqlite3_column_int64(statement, Int32(column))
    case .cells(let cells):
      guard case .integer(let integer) = try Self.cell(cells, column) else { throw Unsuited() }
      return integer
    }
  }

  package func optionalInteger(_ column: Int) throws(Unsuited) -> Int64? {
    isNull(column) ? nil : try integer(column)
  }

  /// A number; a whole one is one too.
  package func real(_ column: Int) throws(Unsuited) -> Double {
    switch source {
    case .statement(let statement):
      switch sqlite3_column_type(statement, Int32(column)) {
      case SQLITE_FLOAT, SQLITE_INTEGER: return sqlite3_column_double(statement, Int32(column))
      default: throw Unsuited()
      }
    case .cells(let cells):
      switch try Self.cell(cells, column) {
      case .real(let number): return number
      case .integer(let integer): return Double(integer)
      default: throw Unsuited()
      }
    }
  }
}
