internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct ForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Forget episodes for good.",
    discussion: """
      Takes away the episodes with all that belongs to them, in the store, its indexes and the cache, and what \
      patterns and heuristics rest on; then the store's file is rewritten, so that nothing of them can be read \
      in it. Only their ids are kept: no import and no sync brings them back, unless 'engram import jsonl \
      --allow-forgotten' is told to. Index segments lose their vectors when the index is built again; backups \
      and exports made before still hold them, and pages that the cache no longer uses may until they are used \
      again: delete the folder 'cache' of the home while no process uses it, to have it made anew.

      Give ids, or conditions; of several conditions all must be met.

      EXAMPLES
        engram forget ID ID2
        engram forget --session s-2026-03-02-a --dry-run
        engram forget --agent ann --until 2026-01-01 --no-erase
        engram forget --all --dry-run
      """)

  @Argument(help: "The ids of episodes.")
  var ids: [String] = []

  @Flag(help: "Every episode of every namespace.")
  var all = false

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @Flag(
    inversion: .prefixedNo,
    help: "Rewrite the store's file afterwards; 'engram store vacuum' does it later.")
  var erase = true

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let filter = try filters.filter()
    guard ids.isEmpty || filter.isEmpty && !all else {
      throw ArgumentParser.ValidationError("give ids or conditions, not both")
    }
    guard !ids.isEmpty || !filter.isEmpty || all else {
      throw ArgumentParser.ValidationError("give ids, conditions or --all")
    }
    let report = try await global.withMemory(creating: false) { memory in
      if ids.isEmpty {
        return try await memory.forget(
          matching: filter, includingAll: all, erasing: erase, isDryRun: dryRun)
      }
      return try await memory.forget(ids: ids, erasing: erase, isDryRun: dryRun)
    }
    try ForgetText.print(report, by: global.output)
  }
}

enum ForgetText {
  /// Prints what was forgotten.
  static func print(_ report: ForgetReport, by output: OutputOptions) throws {
    if let problem = report.problem {
      Terminal.writeLine("engram: \(TerminalText.printable(problem)); run 'engram store vacuum'")
    }
    try output.print(report) { text(of: report) }
    if report.problem != nil { throw ExitCode(ExitStatus.inputOutput.rawValue) }
  }

  private static func text(of report: ForgetReport) -> String {
    let removed = report.removed
    if removed == ForgetOutcome() { return "nothing to forget" }
    let parts = [
      (removed.episodes, "episode"), (removed.steps, "step"), (removed.embeddings, "embedding"),
      (removed.checkpoints, "checkpoint"), (removed.relationships, "relationship"),
      (removed.patterns, "pattern"), (removed.heuristics, "heuristic"),
    ].filter { $0.0 > 0 }.map { UpkeepText.count($0, $1) }
    var lines = [
      (report.isDryRun ? "would forget " : "forgot ") + parts.joined(separator: ", ")
    ]
    if report.isDryRun {
      lines += report.ids.prefix(20).map { "  " + TerminalText.printable($0) }
      if removed.episodes > 20 { lines.append("  and \(removed.episodes - 20) more") }
    } else if !report.isErased {
      lines.append("'engram store vacuum' takes what is left of them from the file")
    }
    return lines.joined(separator: "\n")
  }
}
