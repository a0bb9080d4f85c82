internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes
internal import Interchange

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
      (on one line). Sources/Engram/Engram.docc/ImportFormat.md describes every field. A line that cannot be read is reported with \
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

  @Option(
    help: ArgumentHelp(
      """
      Put all of it into this namespace, whatever the lines say. Default: what a line says, else \
      ENGRAM_NAMESPACE, else 'default'.
      """, valueName: "name"))
  var namespace: String?

  @OptionGroup var global: GlobalOptions

  /// The most lines that are named: a file of another kind has thousands.
  private static let problemsMax = 100

  func validate() throws {
    try OptionRange.check(("--batch", batch, 1...10_000))
    if let namespace, namespace.isEmpty {
      throw ArgumentParser.ValidationError("--namespace is empty; expected a name")
    }
  }

  func run() async throws {
    var reader = try EpisodeFileReader(
      path: file, startTime: .now, namespace: namespace ?? Settings.current().namespace,
      replacesNamespace: namespace != nil)
    let bar = ProgressBar("importing", total: reader.byteCount, unit: "bytes")
    let failures = try await global.withMemory(shardOf: namespace, tellsEvictions: false) {
      memory in
      var batch = RecordBatch(
        memory: memory, countMax: self.batch, isReadmitting: allowForgotten,
        keepsCopies: keepCopies, onStored: acknowledge ? { try Self.printIDs($0) } : nil)
      var failures = 0
      func report(_ problem: String) {
        failures += 1
        if failures <= Self.problemsMax { Terminal.writeLine("engram: \(file): \(problem)") }
      }
      while let line = try reader.next() {
        var failure: EpisodeLineError?
        switch line {
        case .episode(_, let episode): try await batch.add(.episode(episode, embeddings: []))
        case .record(let number, var record):
          if let namespace { record.move(to: namespace) }
          do {
            try await batch.add(record, number: number)
          } catch let error as EpisodeLineError {
            failure = error
          }
        case .failure(let error): failure = error
        }
        if let error = failure {
          report("\(error)")
          if strict {
            try await batch.flush()
            throw CommandFailure("stopped at the first bad line (--strict)", status: .badData)
          }
        }
        bar.update(to: reader.bytesRead)
      }
      try await batch.flush()
      await memory.prepareSearchAfterImport()
      bar.finish()
      for problem in batch.summary.problems { report(TerminalText.printable(problem)) }
      if failures > Self.problemsMax {
        Terminal.writeLine("engram: \(file): and \(failures - Self.problemsMax) more")
      }
      let result = ImportReport(batch.summary, failedLines: failures)
      if acknowledge, global.output.format == .text {
        // Every line of the output is an id.
        Terminal.writeLine(result.text)
      } else {
        try global.output.print(result) { result.text }
      }
      return failures
    }
    if failures > 0 { throw ExitCode(ExitStatus.badData.rawValue) }
  }

  private static func printIDs(_ ids: [String]) throws {
    for id in ids { try StandardOutput.printLine(TerminalText.printable(id)) }
    try StandardOutput.flush()
  }
}
