internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

enum ForgetText {
  /// Prints what was forgotten.
  static func print(_ report: ForgetReport, by output: OutputOptions) throws {
    if let problem = report.problem {
      Terminal.writeLine("engram: \(TerminalText.printable(problem)); run 'engram store vacuum'")
    }
    try output.print(report) { text(of: report) }
    if report.problem != nil { throw ExitCode(ExitStatus.inputOutput.rawValue) }
  }

  /// - Parameter verb: what is done, as in "would forget 2 episodes".
  static func text(of report: ForgetReport, verb: String = "forget") -> String {
    let removed = report.removed
    if removed == ForgetOutcome() { return "nothing to \(verb): no episode matches" }
    let parts = [
      (removed.episodes, "episode"), (removed.steps, "step"), (removed.embeddings, "embedding"),
      (removed.checkpoints, "checkpoint"), (removed.relationships, "relationship"),
      (removed.patterns, "pattern"), (removed.heuristics, "heuristic"),
    ].filter { $0.0 > 0 }.map { UpkeepText.count($0, $1) }
    var lines = [
      (report.isDryRun ? "would \(verb) " : "forgot ") + parts.joined(separator: ", ")
    ]
    if report.isDryRun {
      lines += report.ids.prefix(20).map { "  " + TerminalText.printable($0) }
      if removed.episodes > 20 { lines.append("  and \(removed.episodes - 20) more") }
    } else {
      if !report.isErased {
        lines.append("'engram store vacuum' takes what is left of them from the file")
      }
      lines.append(
        "may still hold them: unused pages of the cache ('engram cache clear'), index segments (until "
          + "'engram index rebuild'), backups and exports made before")
    }
    return lines.joined(separator: "\n")
  }
}
