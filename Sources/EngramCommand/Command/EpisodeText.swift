internal import Engram
internal import Episodes
internal import Foundation

/// Episodes as people read them.
enum EpisodeText {
  private static let lineCharactersMax = 100

  /// A hit in two lines, or three where its parts are to be shown.
  static func hit(_ hit: EpisodeHit, rank: Int) -> String {
    let score = String(format: "%.3f", hit.score)
    let title = "\(hit.episode.id)  \(line(hit.episode.taskDescription))"
    let about = facts(hit.episode) + (superseded(hit.episode).map { " · \($0)" } ?? "")
    var text = """
      \(String(format: "%2d", rank))  \(score)  \(TerminalText.printable(title))
                 \(TerminalText.printable(about))
      """
    if let parts = hit.parts {
      let shown = parts.named.map { String(format: "%@ %.3f", $0.name, $0.value) }
      text += "\n           = " + shown.joined(separator: " + ")
      text += String(format: "; similarity %.3f", hit.similarity)
    }
    return text
  }

  /// One line of a listing.
  static func row(_ episode: Episode) -> String {
    TerminalText.printable(
      "\(episode.id)  \(episode.startTime)  \(outcomeName(episode))  "
        + line(episode.taskDescription) + (superseded(episode).map { "  (\($0))" } ?? ""))
  }

  /// Everything.
  static func full(_ episode: Episode) -> String {
    var lines = [
      "\(episode.id)  \(outcomeName(episode))",
      "task       \(episode.taskDescription)",
      "context    \(facts(episode))",
      "time       \(episode.startTime) to \(episode.endTime.map(\.description) ?? "now")",
    ]
    if let superseded = superseded(episode) { lines.append("history    \(superseded)") }
    for step in episode.steps {
      let result =
        switch step.result {
        case .success(let output): "ok: \(line(output))"
        case .error(let message): "error: \(line(message))"
        case .timeout: "timed out"
        case nil: "no result"
        }
      lines.append("step \(step.number)     \(step.tool): \(line(step.action)) — \(result)")
    }
    if let outcome = episode.outcome { lines.append("outcome    \(outcome.summary)") }
    if let reward = episode.reward {
      lines.append(String(format: "reward     %.3f", reward.total))
    }
    for (key, value) in episode.metadata.sorted(by: { $0.key < $1.key }) {
      lines.append("metadata   \(key) = \(line(value))")
    }
    return lines.map(TerminalText.printable).joined(separator: "\n")
  }

  private static func facts(_ episode: Episode) -> String {
    var facts = [outcomeName(episode), episode.context.domain, episode.taskType.rawValue]
    if let language = episode.context.language { facts.append(language) }
    var seen = Set<Tag>()
    facts += (episode.tags + episode.context.tags).filter { seen.insert($0).inserted }
      .map { "#\($0.name)" }
    facts.append(String(episode.startTime.description.prefix(10)))
    return facts.joined(separator: " · ")
  }

  /// That it is not the last word any more.
  private static func superseded(_ episode: Episode) -> String? {
    episode.supersededBy.map { "superseded by \($0)" }
  }

  private static func outcomeName(_ episode: Episode) -> String {
    episode.outcome?.kind.rawValue ?? "unfinished"
  }

  /// One line that fits a terminal; control characters could move its cursor.
  private static func line(_ text: String) -> String {
    let flat = text.split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
      .filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
    return flat.count > lineCharactersMax ? flat.prefix(lineCharactersMax - 1) + "…" : flat
  }
}
