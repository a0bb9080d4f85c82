/// Rows that are inserted several a statement.
///
/// Every statement has its price, and one whose triggers reach a virtual table copies each page that
/// it changes before it does; 64 rows in one statement share both. The sizes are powers of two, so
/// that few texts are prepared whatever the count of rows.
enum RowGroups {
  private static let rowsMaxLog2 = 6

  /// The most rows of a statement.
  static let rowsMax = 1 << rowsMaxLog2

  /// Splits `count` rows into sizes, largest first.
  static func sizes(_ count: Int) -> [Int] {
    var sizes = Array(repeating: 1 << rowsMaxLog2, count: count >> rowsMaxLog2)
    for power in stride(from: rowsMaxLog2 - 1, through: 0, by: -1) where count & (1 << power) != 0 {
      sizes.append(1 << power)
    }
    return sizes
  }

  /// A statement for each size.
  struct Statements {
    private let texts: [String]

    init(_ text: (_ rowCount: Int) -> String) {
      texts = (0...rowsMaxLog2).map { text(1 << $0) }
    }

    /// The one for a size of ``RowGroups/sizes(_:)``.
    subscript(rowCount: Int) -> String { texts[rowCount.trailingZeroBitCount] }
  }

  /// `count` parenthesised rows of `width` parameters each.
  static func parameters(rowCount: Int, width: Int) -> String {
    (0..<rowCount).map { row in
      "(" + (1...width).map { "?\(row * width + $0)" }.joined(separator: ", ") + ")"
    }
    .joined(separator: ", ")
  }
}
