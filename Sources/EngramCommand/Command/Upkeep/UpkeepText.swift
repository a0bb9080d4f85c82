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

  /// A heading and its lines; nothing without lines.
  static func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [title] + lines.map { "  " + TerminalText.printable($0) }
  }

  /// What the next agent needs, in sections.
  static func handoff(_ pack: HandoffPack) -> String {
    let patterns = pack.patterns.map {
      "\($0.kind.summary) (\(percent($0.successRate)) of \($0.occurrenceCount); \($0.id))"
    }
    let heuristics = pack.heuristics.map { "when \($0.condition): \($0.action)" }
    return
      (section("goal", [pack.goal]) + section("done", pack.stepsDone)
      + section("worked", pack.whatWorked) + section("failed", pack.whatFailed)
      + section("facts", pack.salientFacts) + section("next", pack.nextSteps)
      + section("patterns", patterns) + section("heuristics", heuristics))
      .joined(separator: "\n")
  }
}
