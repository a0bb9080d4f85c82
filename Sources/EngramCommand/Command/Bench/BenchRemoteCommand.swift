internal import ArgumentParser
internal import Foundation

struct BenchRemoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remote",
    abstract: "Measure a durable store elsewhere: inserts and syncs over the network.",
    discussion: """
      Starts 'engram serve --hrana' on this machine, and measures its client in this process: the smallest \
      request (a round trip), the smallest write, single inserts, batches, a full sync of --episodes into new \
      caches, and incremental syncs of --changes changes. The ratio is to the p50 of the round trip of the same \
      run; requests are those to the server, of each operation. All is deleted at the end. With --format json \
      prints a line for each: {name, count, seconds, per_s, p50_us, p99_us, requests_each, ratio}.

      EXAMPLES
        engram bench remote
        engram bench remote --episodes 100000 --folder /dev/shm
        engram bench remote --episodes 2000 --operations 50 --rounds 3 --format json
      """)

  @Option(
    help: ArgumentHelp("Episodes of the full sync, each with an embedding.", valueName: "count"))
  var episodes = 20_000

  @Option(help: ArgumentHelp("Steps of an episode.", valueName: "count"))
  var steps = 5

  @Option(help: ArgumentHelp("The dimension of the embeddings.", valueName: "count"))
  var dimension = 384

  @Option(help: ArgumentHelp("Episodes that the bounded cache keeps.", valueName: "count"))
  var cached = 1000

  @Option(
    help: ArgumentHelp("Round trips, small writes and single inserts, each.", valueName: "count"))
  var operations = 500

  @Option(help: ArgumentHelp("Episodes of one batch.", valueName: "count"))
  var batch = 1000

  @Option(help: ArgumentHelp("Batches.", valueName: "count"))
  var batches = 10

  @Option(help: ArgumentHelp("Changes of an incremental sync.", valueName: "count"))
  var changes = 100

  @Option(help: ArgumentHelp("Incremental syncs.", valueName: "count"))
  var rounds = 20

  @OptionGroup var scratch: ScratchOptions

  func validate() throws {
    try OptionRange.check(
      ("--episodes", episodes, 1...10_000_000), ("--steps", steps, 0...1000),
      ("--dimension", dimension, 1...65_536), ("--cached", cached, 1...10_000_000),
      ("--operations", operations, 1...1_000_000), ("--batch", batch, 1...10_000),
      ("--batches", batches, 1...100_000), ("--changes", changes, 1...100_000),
      ("--rounds", rounds, 1...100_000))
  }

  func run() async throws {
    try await scratch.withFolder(named: "remote") { path in
      let benchmark = RemoteBenchmark(
        episodeCount: episodes, stepCount: steps, dimension: dimension, cachedEpisodesMax: cached,
        operations: operations, batchSize: batch, batchCount: batches, changeCount: changes,
        rounds: rounds, seed: scratch.seed, folder: path)
      var printer = MeasurementPrinter(scratch.output.format, heading: RemoteTable.heading)
      try await benchmark.run { try printer.print($0, row: RemoteTable.row) }
    }
  }
}

/// Measurements as a table for people.
private enum RemoteTable {
  static let heading =
    "                              count   seconds        per s      p50 µs      p99 µs  requests   ratio"

  static func row(_ m: RemoteMeasurement) -> String {
    func number(_ value: Double?, _ format: String, _ width: Int) -> String {
      let text = value.map { String(format: format, $0) } ?? ""
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return m.name + String(repeating: " ", count: max(0, 26 - m.name.count))
      + number(Double(m.count), "%.0f", 9) + number(m.seconds, "%.3f", 10)
      + number(m.perSecond, "%.0f", 13) + number(m.p50Microseconds, "%.1f", 12)
      + number(m.p99Microseconds, "%.1f", 12) + number(m.requestsEach, "%.2f", 10)
      + number(m.ratio, "%.2f", 8)
  }
}
