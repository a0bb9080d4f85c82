/// The name that somebody meant who misspelt it.
enum NearestName {
  /// The nearest of `names` by edits, where it is near enough to be meant.
  static func of(_ word: String, among names: [String]) -> String? {
    let most = max(1, word.count / 3)
    let near = names.map { (name: $0, edits: edits(Array(word), Array($0))) }
      .min { ($0.edits, $0.name) < ($1.edits, $1.name) }
    if let near, near.edits <= most { return near.name }
    // What was cut short, or has more to it: 'json' for 'jsonl', 'episodes' for 'episode'.
    return names.first {
      $0.hasPrefix(word) && word.count >= 3 || word.hasPrefix($0) && $0.count >= 3
    }
  }

  /// Levenshtein distance, in which two neighbours that changed places are one edit.
  private static func edits(_ left: [Character], _ right: [Character]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var rows = [[Int]](
      repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
    for row in 0...left.count { rows[row][0] = row }
    for column in 0...right.count { rows[0][column] = column }
    for row in 1...left.count {
      for column in 1...right.count {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var best = min(rows[row - 1][column] + 1, rows[row][column - 1] + 1)
        best = min(best, rows[row - 1][column - 1] + cost)
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          best = min(best, rows[row - 2][column - 2] + 1)
        }
        rows[row][column] = best
      }
    }
    return rows[left.count][right.count]
  }
}
