internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Vamana

struct IndexVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every byte of the index, and its recall against exact search.",
    discussion: """
      The exit status is 1 if anything is damaged.

      EXAMPLES
        engram index verify
        engram index verify --queries 1000 --format json
      """)

  @Option(help: "About how many of the indexed vectors to ask for.")
  var queries = 200

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...1_000_000).contains(queries) else {
      throw ArgumentParser.ValidationError("--queries is \(queries); expected 1 to 1000000")
    }
  }

  func run() async throws {
    let found = try await global.withMemory(creating: false) {
      try await $0.verifyIndex(queryCount: queries)
    }
    try global.output.print(found) {
      var lines = found.problems.map { "problem: \($0)" }
      if found.isSound, found.segmentCount == 0 {
        lines.append(
          "no segment yet; \(found.recordCount) vectors are scanned exactly, 'engram index build' "
            + "indexes them")
      } else if found.isSound {
        lines.append(
          "\(found.segmentCount) segments, \(found.recordCount) vectors: every checksum matches")
      }
      if let recall = found.recallAt10, let p50 = found.latencyMicrosecondsP50,
        let p99 = found.latencyMicrosecondsP99
      {
        lines.append(
          String(
            format: "recall@10 %.4f against exact search, p50 %.0f µs, p99 %.0f µs (%d queries)",
            recall, p50, p99, found.queryCount))
      }
      return lines.joined(separator: "\n")
    }
    if !found.isSound { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}
