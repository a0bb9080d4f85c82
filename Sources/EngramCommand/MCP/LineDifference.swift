/// What changed in a text, as `diff -u` shows it, where it changed in one place.
enum LineDifference {
  private static let contextLines = 3

  /// - Parameter isNew: whether there was no file before.
  static func unified(from old: String, to new: String, name: String, isNew: Bool) -> String {
    let before = isNew ? [] : lines(old)
    let after = lines(new)
    let shared = min(before.count, after.count)
    let head = (0..<shared).first { before[$0] != after[$0] } ?? shared
    let tail =
      (0..<(shared - head)).first {
        before[before.count - 1 - $0] != after[after.count - 1 - $0]
      } ?? (shared - head)
    let start = max(0, head - contextLines)
    let beforeEnd = min(before.count, before.count - tail + contextLines)
    let afterEnd = min(after.count, after.count - tail + contextLines)
    var result = [
      "--- \(isNew ? "/dev/null" : name)", "+++ \(name)",
      "@@ -\(span(start, beforeEnd)) +\(span(start, afterEnd)) @@",
    ]
    result += before[start..<head].map { " " + $0 }
    result += before[head..<(before.count - tail)].map { "-" + $0 }
    result += after[head..<(after.count - tail)].map { "+" + $0 }
    result += after[(after.count - tail)..<afterEnd].map { " " + $0 }
    return result.map { TerminalText.printable($0) }.joined(separator: "\n")
  }

  private static func span(_ start: Int, _ end: Int) -> String {
    end > start ? "\(start + 1),\(end - start)" : "\(start),0"
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
