/// Rows of text in aligned columns.
///
/// ```swift
/// var table = TextTable(["index", "recall", "ms"], right: [1, 2])
/// table.append(["vamana", "0.983", "0.21"])
/// print(table)
/// ```
public struct TextTable: Hashable, Sendable, CustomStringConvertible {
  public var header: [String]
  /// The numbers of the columns that are aligned at the right, as figures should be.
  public var right: Set<Int>
  public private(set) var rows: [[String]] = []

  public init(_ header: [String], right: Set<Int> = []) {
    self.header = header
    self.right = right
  }

  /// Appends a row; control characters in it are made visible, and missing cells are empty.
  public mutating func append(_ cells: [String]) {
    rows.append(cells.map(TerminalText.printable))
  }

  /// The table, line by line, without a line feed at its end.
  public var description: String {
    let all = [header] + rows
    let columnCount = all.reduce(0) { max($0, $1.count) }
    let widths = (0..<columnCount).map { column in
      all.reduce(0) { max($0, column < $1.count ? TerminalText.columns($1[column]) : 0) }
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([header, rule] + rows).map { line(of: $0, widths: widths) }.joined(separator: "\n")
  }

  private func line(of cells: [String], widths: [Int]) -> String {
    var text = ""
    for (column, width) in widths.enumerated() {
      let cell = column < cells.count ? cells[column] : ""
      let space = String(repeating: " ", count: max(0, width - TerminalText.columns(cell)))
      text += column > 0 ? "  " : ""
      text += right.contains(column) ? space + cell : cell + space
    }
    // No white space at the ends of lines.
    return String(text.reversed().drop(while: { $0 == " " }).reversed())
  }
}
