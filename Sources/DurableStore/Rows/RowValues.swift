/// The values of one row, by their place.
protocol RowValues {
  var count: Int { get }
  subscript(index: Int) -> SQLValue { get }
}

extension [SQLValue]: RowValues {}

extension RowColumns: RowValues {}
