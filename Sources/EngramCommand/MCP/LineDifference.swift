/// What changed in a text, as `diff -u` shows it, where it changed in one place.
///
/// Shows nothing else of the text: such files hold tokens, and what is printed is kept in logs.
enum LineDifference {
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
    var removed = Array(before[head..<(before.count - tail)])
    var added = Array(after[head..<(after.count - tail)])
    let spans = "@@ -\(span(head, before.count - tail)) +\(span(head, after.count - tail)) @@"
    hideWhatStays(in: &removed, and: &added)
    let result =
      ["--- \(isNew ? "/dev/null" : name)", "+++ \(name)", spans]
      + removed.map { "-" + withoutSecrets($0) } + added.map { "+" + withoutSecrets($0) }
    return result.map { TerminalText.printable($0) }.joined(separator: "\n")
  }

  /// A file of one line is changed in that line: what is before and after the change is not shown.
  private static func hideWhatStays(in removed: inout [String], and added: inout [String]) {
    guard let first = removed.first, let last = removed.last, let firstAdded = added.first else {
      return
    }
    let head = zip(first, firstAdded).prefix { $0 == $1 }.count
    let room = removed.count == 1 || added.count == 1 ? head : 0
    let lastAdded = added[added.count - 1]
    let tail = min(
      zip(last.reversed(), lastAdded.reversed()).prefix { $0 == $1 }.count,
      min(last.count, lastAdded.count) - room)
    func hidden(_ part: Substring) -> String {
      part.contains { $0.isLetter || $0.isNumber } ? "…" : String(part)
    }
    func shorten(_ lines: inout [String]) {
      let end = lines.count - 1
      lines[end] = String(lines[end].dropLast(tail)) + hidden(lines[end].suffix(tail))
      lines[0] = hidden(lines[0].prefix(head)) + String(lines[0].dropFirst(head))
    }
    shorten(&removed)
    shorten(&added)
  }

  /// A line whose values with a telling name are not shown.
  private static func withoutSecrets(_ line: String) -> String {
    let pair =
      /(["']?[\w.\-]*(?:token|secret|passw|key|auth|credential)[\w.\-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*')/
      .ignoresCase()
    return line.replacing(pair) { "\($0.output.1)\"…\"" }
  }

  private static func span(_ start: Int, _ end: Int) -> String {
    end > start ? "\(start + 1),\(end - start)" : "\(start),0"
  }

  /// Lines without their ends, which may be CR and LF.
  private static func lines(_ text: String) -> [String] {
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)
    }
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
