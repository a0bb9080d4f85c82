internal import Episodes
internal import Foundation

/// Results of upkeep as people read them.
enum UpkeepText {
  /// One line of at most `columns` columns, for a cell of a table.
  static func short(_ text: String, columns: Int) -> String {
    let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return TerminalText.truncated(TerminalText.printable(flat), columns: columns)
  }

  static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  static func number(_ value: Double?, _ format: String = "%.2f") -> String {
    value.map { String(format: format, $0) } ?? "–"
  }

  static func percent(_ share: Double?) -> String {
    share.map { String(format: "%.0f %%", $0 * 100) } ?? "–"
  }

  /// A heading and its lines, broken to `columns`; nothing without lines.
  static func section(_ title: String, _ lines: [String], columns: Int? = nil) -> [String] {
    lines.isEmpty
      ? []
      : [title]
        + lines.map { fitted("  " + TerminalText.printable($0), indent: 4, columns: columns) }
  }

  /// A line, broken to the width of the terminal where there is one.
  static func fitted(_ line: String, indent: Int, columns: Int?) -> String {
    columns.map { TerminalText.wrapped(line, columns: $0, indent: indent) } ?? line
  }

  /// What the next agent needs, in sections.
  static func handoff(_ pack: HandoffPack, columns: Int? = nil) -> String {
    let patterns = pack.patterns.map {
      "\($0.kind.summary) (\(percent($0.successRate)) of \($0.occurrenceCount); \($0.id))"
    }
    let heuristics = pack.heuristics.map { "when \($0.condition): \($0.action)" }
    return [
      ("goal", [pack.goal]), ("done", pack.stepsDone), ("worked", pack.whatWorked),
      ("failed", pack.whatFailed), ("facts", pack.salientFacts), ("next", pack.nextSteps),
      ("patterns", patterns), ("heuristics", heuristics),
    ].flatMap { section($0.0, $0.1, columns: columns) }.joined(separator: "\n")
  }
}
