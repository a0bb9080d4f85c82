/// What two sequences of tools have in common.
enum CommonTools {
  /// The fewest tools of a common sequence that is a pattern of its own.
  static let countMin = 3

  /// The longest run of neighbours that both have; the earliest in `first` of several.
  ///
  /// - Complexity: the product of the lengths.
  static func longestCommonRun(_ first: [String], _ second: [String]) -> ArraySlice<String> {
    var row = Array(repeating: 0, count: second.count + 1)
    var best = 0..<0
    for (index, tool) in first.enumerated() {
      var diagonal = 0
      for (column, other) in second.enumerated() {
        let length = tool == other ? diagonal + 1 : 0
        diagonal = row[column + 1]
        row[column + 1] = length
        if length > best.count { best = (index + 1 - length)..<(index + 1) }
      }
    }
    return first[best]
  }

  /// Whether `run` is somewhere in `tools` as it is.
  static func contains(_ tools: [String], _ run: some Collection<String>) -> Bool {
    guard run.count <= tools.count else { return false }
    return (0...tools.count - run.count).contains { tools[$0...].starts(with: run) }
  }
}
