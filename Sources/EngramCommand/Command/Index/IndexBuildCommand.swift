internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Vamana

struct IndexBuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build the index anew over all embeddings and publish it.",
    discussion: """
      The new index is built beside the old one, which searches use until the new one is published in \
      the durable store; every other node's next sync carries it. Until an episode is indexed it is \
      found by an exact scan. 'engram index rebuild' is the same command. SIGINT (Ctrl-C) and SIGTERM \
      give it up: the old index stays, and nothing of the new one.

      EXAMPLES
        engram index build
        engram index rebuild --threads 8
      """,
    aliases: ["rebuild"])

  @Option(help: "Threads that build. Default: one for each processor.")
  var threads: Int?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ArgumentParser.ValidationError("--threads is \(threads); expected 1 to 1024")
    }
  }

  func run() async throws {
    let report = try await global.withMemory(
      creating: false,
      configure: {
        $0.index.threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
      },
      { memory in
        try await Interruption.cancels(note: "given up; the index is as it was") {
          try await memory.buildIndex(progress: BuildProgressBar.report())
        }
      })
    try global.output.print(report) {
      String(
        format: "indexed %d vectors of %d dimensions in %.2f s: segment %@, %@", report.count,
        report.dimension, report.buildSeconds,
        report.segmentIDs.map(String.init).joined(separator: ", "),
        Units.bytes(report.byteCount))
    }
  }
}
