internal import ArgumentParser
internal import Engram

struct PatternLearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Learn from completed episodes that nothing has been learned from yet.",
    discussion: """
      A program that keeps a memory open does so by itself, and so do commands that need it while there \
      is little to learn from; this is for much, such as after an import. Cut off, it goes on where it was.

      EXAMPLES
        engram import jsonl episodes.jsonl
        engram pattern learn
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { memory in
      let bar = ProgressBar(
        "learning", total: try await memory.pendingEpisodeCount(), unit: "episodes")
      defer { bar.finish() }
      return try await memory.learnPending { bar.update(to: $0.episodes) }
    }
    try global.output.print(report) {
      """
      learned from \(Units.grouped(report.episodes)) episodes: \
      \(Units.grouped(report.newPatterns)) new patterns, \
      \(Units.grouped(report.mergedOccurrences)) occurrences of known ones, \
      \(Units.grouped(report.heuristics)) heuristics
      """
    }
    for problem in report.problems {
      Terminal.writeLine("engram: cannot be learned from: \(TerminalText.printable(problem))")
    }
    if !report.problems.isEmpty { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}
