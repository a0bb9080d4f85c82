internal import ArgumentParser
internal import Engram
internal import Episodes
internal import Transcripts

struct ImportTranscriptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcript",
    abstract: "Import sessions of coding agents: Claude Code, Codex, messages of chats.",
    discussion: """
      Each request of the user becomes an episode: calls of tools are its steps, the last answer its outcome. A \
      request that was interrupted, or that the user's next words reject, is a failure; one that waits for its \
      answer is unfinished. Keys, tokens, passwords and private keys are taken out before anything is stored.

      Importing again reads what is new only; a request that went on is updated. A line that is not understood is \
      reported and stops nothing; the exit status is 65 then.

      EXAMPLES
        engram import transcript --claude-code
        engram import transcript --codex --since 30d
        engram import transcript ~/.claude/projects/-home-ann-shop --namespace shop
        engram import transcript session.jsonl --dry-run
      """)

  @Argument(help: "Files, and folders that are walked for .jsonl and .json files.")
  var paths: [String] = []

  @OptionGroup var transcripts: TranscriptOptions

  @Option(help: "The program that wrote them. Default: told by the content.")
  var source: TranscriptSource?

  @Option(
    help: ArgumentHelp(
      "Only episodes that began since then, such as 30d or 2026-03-02.", valueName: "time"))
  var since: String?

  @Flag(help: "Only say what would be imported.")
  var dryRun = false

  @Flag(help: "Read files from their beginning, whatever was read before.")
  var again = false

  @OptionGroup var place: NamespaceOptions

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let since = try since.map { try TimeArgument.parse($0, option: "--since", now: .now) }
    let places = try transcripts.places(paths)
    let options = try transcripts.fileOptions(namespace: place.name(), format: source?.format)
    let report: TranscriptReport
    if dryRun {
      report = try await dryReport(places, options, since: since)
    } else {
      let home = try global.homeFolder().path
      report = try await global.withMemory(shardOf: try place.name(), tellsEvictions: false) {
        memory in
        let importer = TranscriptImporter(
          memory: memory, places: TranscriptPlaces(home: home), options: options, since: since,
          startsOver: again)
        return try await Self.each(places) { path, report in
          try await importer.add(path, to: &report)
        }
      }
    }
    for problem in report.problems { Terminal.writeLine("engram: \(problem)") }
    try global.output.print(report) { report.text }
    if report.failedLines + report.failedFiles > 0 {
      throw ExitCode(ExitStatus.badData.rawValue)
    }
  }

  /// Runs `body` for each file, and counts those that cannot be read.
  private static func each(
    _ places: [String],
    _ body: (String, inout TranscriptReport) async throws -> Bool
  ) async throws -> TranscriptReport {
    var report = TranscriptReport()
    for place in places {
      let isFolder = InputFile.isFolder(place)
      for path in isFolder ? TranscriptFolder.files(in: place) : [place] {
        do {
          if try await body(path, &report) { continue }
          report.skippedFiles += 1
          if !isFolder {
            report.failedFiles += 1
            report.note(
              "\(path) is no transcript that is known; expected one of Claude Code or Codex, or messages"
            )
          }
        } catch let error as FileError {
          report.failedFiles += 1
          report.note("\(error)")
        }
      }
    }
    return report
  }

  private func dryReport(
    _ places: [String], _ options: TranscriptFile.Options, since: Timestamp?
  ) async throws -> TranscriptReport {
    var count = 0
    let isText = global.output.format == .text
    var report = try await Self.each(places) { path, report in
      var steps = 0
      let result = try await TranscriptFile(path: path, options: options).read(from: nil) {
        episodes, _ in
        for episode in episodes where since.map({ episode.startTime >= $0 }) ?? true {
          count += 1
          steps += episode.steps.count
          guard isText else { continue }
          let outcome = episode.outcome?.kind.rawValue ?? "unfinished"
          let steps = UpkeepText.count(episode.steps.count, "step")
          try StandardOutput.printLine(
            TerminalText.printable(
              "\(episode.startTime) \(outcome), \(steps): "
                + ShortText.line(episode.taskDescription, countMax: 100)))
        }
      }
      guard let result else { return false }
      report.add(result)
      report.steps += steps
      return true
    }
    report.found = count
    return report
  }
}
