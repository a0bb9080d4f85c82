extension TextTable {
  /// The table, its lines cut to the width of the terminal if it is printed on one: programs that read a pipe
  /// get all of it.
  public var fitted: String {
    guard Terminal.isOutputInteractive else { return description }
    return cut(to: Terminal.columns)
  }

  /// The table, its lines cut to a number of columns.
  func cut(to columns: Int) -> String {
    description.split(separator: "\n", omittingEmptySubsequences: false)
      .map { TerminalText.truncated(String($0), columns: columns) }.joined(separator: "\n")
  }
}
