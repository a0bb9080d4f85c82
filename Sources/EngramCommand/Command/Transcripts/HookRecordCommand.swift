internal import ArgumentParser
internal import Engram
internal import Episodes
internal import Foundation
internal import Transcripts

/// `engram hook record`: once its options are right it never fails, so that the program that called it is not held up.
struct HookRecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Store what is new in the transcript that standard input names.",
    discussion: """
      Once its options are right, the exit status is 0 whatever happens; what went wrong is said on standard error, \
      and the next call makes up for it.

      EXAMPLES
        echo '{"transcript_path": "session.jsonl"}' | engram hook record
      """)

  private static let inputBytesMax = 1 << 20

  @OptionGroup var transcripts: TranscriptOptions

  @OptionGroup var place: NamespaceOptions

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    // Nobody may read what went wrong.
    signal(SIGPIPE, SIG_IGN)
    do {
      let paths = try Self.transcriptPaths()
      let options = try transcripts.fileOptions(namespace: place.name())
      let home = try global.homeFolder().path
      let report = try await global.withMemory(shardOf: try place.name(), tellsEvictions: false) {
        memory in
        let importer = TranscriptImporter(
          memory: memory, places: TranscriptPlaces(home: home), options: options)
        var report = TranscriptReport()
        for path in paths {
          // One that fails holds no other back.
          do {
            try await importer.add(path, to: &report)
          } catch {
            report.note("nothing was recorded: \(error)")
          }
        }
        return report
      }
      for problem in report.problems { Terminal.writeLine("engram: hook: \(problem)") }
    } catch {
      Terminal.writeLine(
        "engram: hook: nothing was recorded: \(TerminalText.printable("\(error)"))")
    }
  }

  /// The transcripts that are named: of the session, and of a sub-agent that has ended.
  private static func transcriptPaths() throws -> [String] {
    let input = try InputFile(path: "-")
    var bytes: [UInt8] = []
    try input.forEachChunk { chunk in
      if bytes.count <= inputBytesMax { bytes += chunk }
    }
    guard bytes.count <= inputBytesMax, let text = String(validating: bytes, as: UTF8.self),
      case .object(let fields)? = try? JSONReader.value(of: text, allowsRepeatedFields: true)
    else {
      throw CommandFailure(
        "standard input is no JSON object; expected what a program gives to its hooks",
        status: .badData)
    }
    var paths: [String] = []
    for name in ["transcript_path", "agent_transcript_path"] {
      guard case .string(let path)? = fields[name], !path.isEmpty else { continue }
      paths.append(
        UserPath.expanded(path, environment: ProcessInfo.processInfo.environment))
    }
    guard !paths.isEmpty else {
      throw CommandFailure(
        "transcript_path is missing; expected the path of the session's transcript",
        status: .badData)
    }
    return paths
  }
}
