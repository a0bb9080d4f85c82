extension TextTable {
  /// The table as wide as the terminal if it is printed on one: programs that read a pipe get all of it.
  public var fitted: String {
    guard let columns = Terminal.outputColumns else { return description }
    return fitted(to: columns)
  }

  /// Columns that say the same in fewer letters; ids and figures do not.
  private static let wordy: Set<String> = [
    "task", "reason", "label", "note", "namespace", "tag", "sessions",
  ]
  /// A cell of fewer columns says nothing.
  private static let columnsMin = 12

  /// The table in lines of at most so many columns: words are shortened, the longest first; where that is not enough,
  /// each row becomes lines of its own, a line for a cell. Ids are never cut.
  func fitted(to columns: Int) -> String {
    var table = self
    var widths = header.indices.map { table.width(of: $0) }
    func excess() -> Int { widths.reduce(0, +) + 2 * (widths.count - 1) - columns }
    let wordy = header.indices.filter { Self.wordy.contains(header[$0]) }
    while excess() > 0, let widest = wordy.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > Self.columnsMin
    {
      widths[widest] = max(Self.columnsMin, widths[widest] - excess())
    }
    if excess() > 0 { return stacked(to: columns) }
    table = TextTable(header, right: right)
    for row in rows {
      table.append(
        row.enumerated().map { TerminalText.truncated($1, columns: widths[$0]) })
    }
    return table.description
  }

  private func width(of column: Int) -> Int {
    ([header] + rows).reduce(0) {
      max($0, column < $1.count ? TerminalText.columns($1[column]) : 0)
    }
  }

  /// A line for each cell that has something, under the header's names.
  private func stacked(to columns: Int) -> String {
    let names = header.map(TerminalText.columns).max() ?? 0
    return rows.map { row in
      row.enumerated().filter { !$1.isEmpty }.map { column, cell in
        let name = header[column]
        let head = name + String(repeating: " ", count: names - TerminalText.columns(name) + 2)
        let isWordy = Self.wordy.contains(name)
        return head
          + (isWordy ? TerminalText.truncated(cell, columns: max(8, columns - names - 2)) : cell)
      }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}
