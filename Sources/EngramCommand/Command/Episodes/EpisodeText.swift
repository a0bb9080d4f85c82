internal import Engram
internal import Episodes
internal import Foundation

/// Episodes as people read them. Ids are never cut; what else is too wide for a terminal is shortened or broken.
enum EpisodeText {
  /// Of a line in a file or a pipe.
  private static let titleColumns = 100
  /// A title of fewer columns says nothing.
  private static let titleColumnsMin = 20
  /// Rank, score and similarity, and what stands below them.
  private static let hitIndent = 17

  /// A hit in two lines, or three where its parts are to be shown.
  ///
  /// - Parameter columns: the width of the terminal; nil where there is none.
  static func hit(
    _ hit: EpisodeHit, rank: Int, mode: RetrievalMode = .hybrid, isExplained: Bool = false,
    columns: Int? = nil
  ) -> String {
    let similarity = mode == .text ? "    " : fixed(hit.similarity, 4)
    let head = "\(right(rank, 2))  \(Units.fixed(hit.score, digits: 3))  \(similarity)  "
    var about = (hit.isWeak ? ["weak"] : []) + facts(hit.episode)
    if let superseded = superseded(hit.episode) { about.append(superseded) }
    var lines = titled(head + hit.episode.id, hit.episode.taskDescription, columns: columns)
    lines.append(listed(about, separator: " · ", columns: columns))
    if isExplained {
      lines.append(listed(explained(hit, mode: mode), separator: " + ", columns: columns))
    }
    return lines.joined(separator: "\n")
  }

  private static func explained(_ hit: EpisodeHit, mode: RetrievalMode) -> [String] {
    guard let parts = hit.parts else {
      return [
        mode == .text ? "= the words' BM25, and nothing else" : "= similarity, and nothing else"
      ]
    }
    var shown = parts.named.map { "\($0.name) \(Units.fixed($0.value, digits: 3))" }
    shown[0] = "= " + shown[0]
    return shown
  }

  /// One line of a listing.
  static func row(_ episode: Episode, columns: Int? = nil) -> String {
    let start = String(episode.startTime.description.prefix(16)).replacing("T", with: " ")
    let outcome = outcomeName(episode).padding(to: 15)
    let more = superseded(episode).map { "(\($0)) " } ?? ""
    return titled(
      "\(episode.id)  \(start)  \(outcome)", more + episode.taskDescription, columns: columns
    ).joined(separator: "\n")
  }

  /// Everything.
  static func full(_ episode: Episode, columns: Int? = nil) -> String {
    let facts = EpisodeFacts(episode).lines
    return
      (["\(episode.id)  \(outcomeName(episode))"]
      + facts.map { name, value in
        let line = TerminalText.printable(name.padding(to: 11) + value)
        guard let columns else { return line }
        return TerminalText.wrapped(line, columns: columns, indent: 11)
      }).joined(separator: "\n")
  }

  /// What begins with an id, and a title after it or, where there is too little room, below it.
  private static func titled(_ head: String, _ title: String, columns: Int?) -> [String] {
    let head = TerminalText.printable(head)
    let title = TerminalText.printable(line(title))
    guard let columns else {
      return [head + "  " + TerminalText.truncated(title, columns: titleColumns)]
    }
    let room = columns - TerminalText.columns(head) - 2
    if room >= min(titleColumnsMin, TerminalText.columns(title)) {
      return [head + "  " + TerminalText.truncated(title, columns: room)]
    }
    let margin = String(repeating: " ", count: min(hitIndent, columns / 4))
    return [head, margin + TerminalText.truncated(title, columns: columns - margin.count)]
  }

  /// Facts below a hit, broken between them.
  private static func listed(_ facts: [String], separator: String, columns: Int?) -> String {
    let margin = String(repeating: " ", count: columns.map { min(hitIndent, $0 / 4) } ?? hitIndent)
    var lines: [String] = []
    var current = ""
    for fact in facts.map({ TerminalText.printable($0) }) {
      let longer = current.isEmpty ? fact : current + separator + fact
      if let columns, !current.isEmpty,
        TerminalText.columns(longer) + margin.count > columns
      {
        lines.append(current)
        current = String(separator.drop { $0 == " " }) + fact
      } else {
        current = longer
      }
    }
    return (lines + [current]).map { line in
      margin + (columns.map { TerminalText.truncated(line, columns: $0 - margin.count) } ?? line)
    }.joined(separator: "\n")
  }

  private static func facts(_ episode: Episode) -> [String] {
    [outcomeName(episode)] + EpisodeFacts.context(episode)
      + [String(episode.startTime.description.prefix(10))]
  }

  /// That it is not the last word any more.
  private static func superseded(_ episode: Episode) -> String? {
    episode.supersededBy.map { "superseded by \($0)" }
  }

  static func outcomeName(_ episode: Episode) -> String {
    episode.outcome?.kind.rawValue ?? "unfinished"
  }

  /// Without breaks; control characters could move the cursor of a terminal.
  static func line(_ text: String) -> String {
    text.split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
      .filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
  }

  private static func right(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// A cosine with two digits, as wide as others.
  private static func fixed(_ value: Double, _ width: Int) -> String {
    let text = Units.fixed(value, digits: 2)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
