internal import ArgumentParser
internal import Foundation
internal import Sync

struct BenchSyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Measure full and incremental syncs, and what a search pays to see news.",
    discussion: """
      Fills a store with --episodes, then measures: a full sync into a new cache that keeps --cached \
      episodes (the default of memories), and into one that keeps them all; incremental syncs of --changes \
      changes each; a search's look for news when there are none; and the validation. The store and the \
      caches are deleted at the end. Rates are of the episodes in the store. With --format json prints a \
      line for each: {name, count, seconds, per_s, p50_us, p99_us, anonymous_bytes_max, …}.

      EXAMPLES
        engram bench sync
        engram bench sync --episodes 1000000 --rounds 50
        engram bench sync --folder /dev/shm --format json
      """)

  @Option(help: ArgumentHelp("Episodes in the store, each with an embedding.", valueName: "count"))
  var episodes = 20_000

  @Option(help: ArgumentHelp("Steps of an episode.", valueName: "count"))
  var steps = 5

  @Option(help: ArgumentHelp("The dimension of the embeddings.", valueName: "count"))
  var dimension = 384

  @Option(help: ArgumentHelp("Episodes that the bounded cache keeps.", valueName: "count"))
  var cached = 1000

  @Option(help: ArgumentHelp("Changes of an incremental sync.", valueName: "count"))
  var changes = 100

  @Option(help: ArgumentHelp("Incremental syncs.", valueName: "count"))
  var rounds = 20

  @Option(help: ArgumentHelp("Changes that are fetched at a time.", valueName: "count"))
  var batch = SyncConfiguration().batchSize

  @OptionGroup var scratch: ScratchOptions

  func validate() throws {
    try OptionRange.check(
      ("--episodes", episodes, 1...10_000_000), ("--steps", steps, 0...1000),
      ("--dimension", dimension, 1...65_536), ("--cached", cached, 1...10_000_000),
      ("--changes", changes, 1...100_000), ("--rounds", rounds, 1...100_000),
      ("--batch", batch, 1...100_000))
  }

  func run() async throws {
    try await scratch.withFolder(named: "sync") { path in
      let benchmark = SyncBenchmark(
        episodeCount: episodes, stepCount: steps, dimension: dimension, cachedEpisodesMax: cached,
        changeCount: changes, rounds: rounds, seed: scratch.seed,
        configuration: SyncConfiguration(batchSize: batch), folder: path)
      var printer = MeasurementPrinter(scratch.output.format, heading: SyncTable.heading)
      try await benchmark.run { try printer.print($0, row: SyncTable.row) }
    }
  }
}

/// Measurements as a table for people.
private enum SyncTable {
  static let heading =
    "                              count   seconds        per s      p50 µs      p99 µs    memory"

  static func row(_ m: SyncMeasurement) -> String {
    func number(_ value: Double?, _ format: String) -> String {
      value.map { String(format: format, $0) } ?? ""
    }
    let name = m.name + String(repeating: " ", count: max(0, 26 - m.name.count))
    let p50 = number(m.p50Microseconds, "%.1f")
    let p99 = number(m.p99Microseconds, "%.1f")
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return name + pad(String(m.count), 9) + pad(number(m.seconds, "%.3f"), 10)
      + pad(number(m.perSecond, "%.0f"), 13) + pad(p50, 12) + pad(p99, 12)
      + pad(m.anonymousBytesMax.map(Units.bytes) ?? "", 10)
  }
}
