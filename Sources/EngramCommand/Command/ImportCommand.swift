internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes
internal import Interchange

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Store episodes from elsewhere.",
    discussion: """
      EXAMPLES
        engram import jsonl episodes.jsonl
        engram import git .
      """,
    subcommands: [ImportJSONLCommand.self, ImportGitCommand.self])
}

struct ImportJSONLCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jsonl",
    abstract: "Import a file of one JSON object a line.",
    discussion: """
      Only taskDescription is required:
        {"taskDescription": "Fix the flaky login test", "taskType": "debugging",
         "context": {"domain": "web", "language": "python", "tags": ["auth"]},
         "startTime": "2026-03-02T09:14:05.250Z", "endTime": "2026-03-02T09:31:40Z",
         "steps": [{"tool": "pytest", "action": "run the login tests",
                    "result": {"kind": "error", "message": "1 failed"}, "latency": 8.1}],
         "outcome": {"kind": "success", "verdict": "raised the timeout", "artifacts": []}}
      (on one line). The README describes every field. A line that cannot be read is reported with \
      its number and field, and stops nothing unless --strict is given; the exit status is 65 then. \
      Importing a file again changes nothing; the same content under another id is stored once, and what was \
      forgotten stays away.

      EXAMPLES
        engram import jsonl episodes.jsonl
        generate-episodes | engram import jsonl - --strict
        generate-episodes | engram import jsonl - --batch 1 --acknowledge
      """)

  @Argument(help: "The file; - is standard input.")
  var file: String

  @Flag(help: "Import nothing from the first bad line on.")
  var strict = false

  @Option(help: ArgumentHelp("Episodes that are stored in one transaction.", valueName: "count"))
  var batch = ImportBatch.countMaxDefault

  @Flag(help: "Print the id of each episode once it is stored for good under it.")
  var acknowledge = false

  @Flag(help: "Store episodes that were forgotten ('engram forget') again.")
  var allowForgotten = false

  @Flag(help: "Store the same content again where it has another id.")
  var keepCopies = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--batch", batch, 1...10_000))
  }

  func run() async throws {
    var reader = try EpisodeFileReader(path: file, startTime: .now)
    let bar = ProgressBar("importing", total: reader.byteCount, unit: "bytes")
    let failures = try await global.withMemory { memory in
      var batch = RecordBatch(
        memory: memory, countMax: self.batch, isReadmitting: allowForgotten,
        keepsCopies: keepCopies, onStored: acknowledge ? { try Self.printIDs($0) } : nil)
      var failures = 0
      while let line = try reader.next() {
        var failure: EpisodeLineError?
        switch line {
        case .episode(_, let episode): try await batch.add(.episode(episode, embeddings: []))
        case .record(let number, let record):
          do {
            try await batch.add(record, number: number)
          } catch let error as EpisodeLineError {
            failure = error
          }
        case .failure(let error): failure = error
        }
        if let error = failure {
          failures += 1
          Terminal.writeLine("engram: \(file): \(error)")
          if strict {
            try await batch.flush()
            throw CommandFailure("stopped at the first bad line (--strict)", status: .badData)
          }
        }
        bar.update(to: reader.bytesRead)
      }
      try await batch.flush()
      bar.finish()
      for problem in batch.summary.problems {
        failures += 1
        Terminal.writeLine("engram: \(file): \(TerminalText.printable(problem))")
      }
      let report = ImportReport(batch.summary, failedLines: failures)
      try global.output.print(report) { report.text }
      return failures
    }
    if failures > 0 { throw ExitCode(ExitStatus.badData.rawValue) }
  }

  private static func printIDs(_ ids: [String]) throws {
    for id in ids { try StandardOutput.printLine(TerminalText.printable(id)) }
    try StandardOutput.flush()
  }
}

struct ImportGitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "git",
    abstract: "Import the history of a Git repository, each commit an episode.",
    discussion: """
      The task is the commit's subject, the steps are its files, the domain its top folder, the \
      language that of its files; a commit that was reverted later is a failure. Importing again \
      adds what is new and updates what was reverted since.

      EXAMPLES
        engram import git .
        engram import git ~/src/project --revision main --limit 5000
      """)

  @Argument(help: "The repository: a work tree or a bare one.")
  var repository: String

  @Option(help: "A branch, tag or commit: it and its ancestors are imported.")
  var revision = "HEAD"

  @Option(help: "The newest commits only. Default: all.")
  var limit: Int?

  @Flag(help: "Merge commits too.")
  var merges = false

  @Option(help: "The namespace of the episodes.")
  var namespace = Episode.defaultNamespace

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let limit, limit < 1 {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 or more")
    }
  }

  func run() async throws {
    var reader = try GitHistoryReader(
      repository: repository,
      options: GitHistoryReader.Options(
        revision: revision, commitsMax: limit, includesMerges: merges, namespace: namespace))
    let bar = ProgressBar("importing", total: reader.commitCount, unit: "commits")
    try await global.withMemory { memory in
      var batch = ImportBatch(memory: memory, policy: .replaceChanged)
      var count = 0
      while let episode = try reader.next() {
        try await batch.add(episode)
        count += 1
        bar.update(to: count)
      }
      try await batch.flush()
      bar.finish()
      let report = ImportReport(batch.summary, failedLines: 0)
      try global.output.print(report) { report.text }
    }
  }
}

private struct ImportReport: Encodable {
  var added: Int
  var replaced: Int
  var alreadyStored: Int
  var failedLines: Int
  /// Of those already stored, the ones with another id.
  var sameContent: Int
  /// Not stored, because they were forgotten.
  var forgotten: Int
  /// Patterns and heuristics that rest on such.
  var forgottenLearning: Int?
  /// Deleted, because there were more than the limit allows.
  var evicted: Int

  var patterns: Int?
  var heuristics: Int?
  var relationships: Int?

  init(_ summary: RecordImportSummary, failedLines: Int) {
    added = summary.episodes
    replaced = 0
    alreadyStored = summary.alreadyStored
    self.failedLines = failedLines
    sameContent = summary.sameContent
    forgotten = summary.forgotten
    forgottenLearning = summary.forgottenLearning
    evicted = summary.evicted
    patterns = summary.patterns
    heuristics = summary.heuristics
    relationships = summary.relationships
  }

  init(_ summary: ImportSummary, failedLines: Int) {
    added = summary.added
    replaced = summary.replaced
    alreadyStored = summary.alreadyStored
    self.failedLines = failedLines
    sameContent = summary.sameContent
    forgotten = summary.forgotten
    evicted = summary.evicted
  }

  var text: String {
    var parts = ["imported \(added) episodes"]
    if let patterns, patterns > 0 { parts.append("\(patterns) patterns") }
    if let heuristics, heuristics > 0 { parts.append("\(heuristics) heuristics") }
    if let relationships, relationships > 0 { parts.append("\(relationships) relationships") }
    if replaced > 0 { parts.append("updated \(replaced)") }
    if alreadyStored > 0 { parts.append("\(alreadyStored) were there already") }
    if sameContent > 0 { parts.append("\(sameContent) of them under another id") }
    // Only an import of records can be told to take them.
    let advice = relationships == nil ? "" : " (--allow-forgotten)"
    if forgotten > 0 { parts.append("\(forgotten) were forgotten and stay away\(advice)") }
    if let forgottenLearning, forgottenLearning > 0 {
      parts.append("\(forgottenLearning) patterns and heuristics rest on forgotten episodes")
    }
    if evicted > 0 { parts.append("\(evicted) were evicted: more than the limit allows") }
    if failedLines > 0 { parts.append("\(failedLines) lines could not be read") }
    return parts.joined(separator: ", ")
  }
}
