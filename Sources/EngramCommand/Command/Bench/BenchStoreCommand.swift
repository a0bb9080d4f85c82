internal import ArgumentParser
internal import DurableStore
internal import Foundation

struct BenchStoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Measure the durable store: durable inserts, look-ups, queries.",
    discussion: """
      Fills a new store with episodes drawn from --seed and measures it; every insert waits until the \
      disk has it, so that its folder should be on the disk that is meant. The best of --rounds is \
      shown beside the percentiles of all. With --format json a line of {operation, episodes, count, \
      per_s, p50_us, p99_us, best_p50_us} for each operation, and a last one with the bytes, the share \
      of statements found prepared, and how many writes shared a transaction.

      EXAMPLES
        engram bench store
        engram bench store --count 100000 --folder /data --format json
      """)

  @Option(help: ArgumentHelp("Episodes in the store.", valueName: "count"))
  var count = 20_000

  @Option(help: ArgumentHelp("Steps of each.", valueName: "count"))
  var steps = 5

  @Option(help: ArgumentHelp("Episodes of one batch.", valueName: "count"))
  var batch = 1000

  @Option(help: ArgumentHelp("Operations of a round.", valueName: "count"))
  var operations = 1000

  @Option(help: ArgumentHelp("Rounds; one more warms up.", valueName: "count"))
  var rounds = 3

  @Option(help: ArgumentHelp("Tasks that insert at once.", valueName: "count"))
  var tasks = 8

  @OptionGroup var scratch: ScratchOptions

  func validate() throws {
    try OptionRange.check(
      ("--count", count, 1...10_000_000), ("--steps", steps, 0...1000),
      ("--batch", batch, 1...10_000), ("--operations", operations, 1...1_000_000),
      ("--rounds", rounds, 1...1000), ("--tasks", tasks, 1...1000))
  }

  func run() async throws {
    try await scratch.withFolder(named: "store") { path in
      let store = try await DurableStore.open(path: path + "/engram.db")
      defer { store.close() }
      let benchmark = StoreBenchmark(
        store: store, workload: StoreWorkload(seed: scratch.seed, stepCount: steps), count: count,
        batchSize: batch, operations: operations, rounds: rounds, tasks: tasks)
      var printer = MeasurementPrinter(scratch.output.format, heading: StoreTable.heading)
      let summary = try await benchmark.run { try printer.print($0, row: StoreTable.row) }
      try printer.print(summary, row: StoreTable.row)
    }
  }
}

/// Measurements as a table for people.
private enum StoreTable {
  static let heading =
    "operation                       per second     p50 µs     p99 µs   best p50"

  static func row(_ m: StoreMeasurement) -> String {
    let name = m.operation.padding(toLength: 28, withPad: " ", startingAt: 0)
    return name
      + String(
        format: "%14.0f %10.1f %10.1f %10.1f", m.perSecond, m.p50Microseconds, m.p99Microseconds,
        m.bestP50Microseconds)
  }

  static func row(_ summary: StoreBenchmarkSummary) -> String {
    "\(summary.episodes) episodes in \(Units.bytes(summary.bytes)); "
      + String(
        format: "%.2f %% of the statements found prepared, %.2f writes a transaction",
        summary.statementCacheHitRate * 100, summary.writesATransaction)
  }
}
