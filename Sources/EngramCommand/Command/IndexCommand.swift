internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Vamana

struct IndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Build, describe or verify the vector index.",
    discussion: """
      EXAMPLES
        engram index build
        engram index verify
      """,
    subcommands: [IndexBuildCommand.self, IndexStatusCommand.self, IndexVerifyCommand.self])
}

struct IndexBuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build the index anew over all embeddings and publish it.",
    discussion: """
      The new index is built beside the old one, which searches use until the new one is published in       the durable store; every other node's next sync carries it. Until an episode is indexed it is       found by an exact scan. 'engram index rebuild' is the same command.

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
    var configuration = MemoryConfiguration(home: global.homeFolder)
    configuration.index.threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let report = try await global.withMemory(creating: false, configuration: configuration) {
      try await $0.buildIndex(progress: BuildProgressBar.report())
    }
    try global.output.print(report) {
      String(
        format: "indexed %d vectors of %d dimensions in %.2f s: segment %@, %@", report.count,
        report.dimension, report.buildSeconds,
        report.segmentIDs.map(String.init).joined(separator: ", "),
        Units.bytes(report.byteCount))
    }
  }
}

struct IndexStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Print what the index consists of.",
    discussion: """
      EXAMPLES
        engram index status
        engram index status --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let status = try await global.withMemory(creating: false) { try await $0.indexStatus() }
    try global.output.print(status) {
      var lines = status.segments.map {
        "segment \($0.id): \($0.count) vectors of \($0.model), \(Units.bytes($0.byteCount))"
      }
      if lines.isEmpty { lines.append("no segment yet; 'engram index build' makes one") }
      lines.append(
        "\(status.tailCount) not yet indexed (scanned exactly), \(status.deadCount) dead, "
          + "\(status.embeddingCount) embeddings in all")
      return lines.joined(separator: "\n")
    }
  }
}

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
