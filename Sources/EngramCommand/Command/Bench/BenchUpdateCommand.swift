internal import ArgumentParser
internal import Foundation
internal import Vamana

struct BenchUpdateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Insert into and delete from an index round after round, and measure.",
    discussion: """
      Fills an index with --count vectors, then deletes and inserts a share of them each round. After \
      each round, once the background is done, recall is measured against exact search. Vectors come \
      from --base (the last --queries rows are asked for) or are drawn around centres. With --format \
      json prints a line for each round, {round, count, recall, qps, inserts_per_s, \
      sustained_inserts_per_s, deletes_per_s, segments, dead_share, write_amplification, …}, and a \
      last line with totals and where the time went.

      EXAMPLES
        engram bench update --count 100000 --dimension 384 --rounds 20 --share 0.1
        engram bench update --base vectors.npy --order random --format json
      """)

  @Option(help: ArgumentHelp("Vectors in the index at any time.", valueName: "count"))
  var count = 100_000

  @Option(help: ArgumentHelp("The dimension of drawn vectors.", valueName: "count"))
  var dimension = 384

  @Option(
    help: ArgumentHelp(
      "The vectors to insert, in order: .npy, .fvecs or .fbin. Default: they are drawn.",
      valueName: "file"))
  var base: String?

  @Option(help: ArgumentHelp("How often a share of the vectors is replaced.", valueName: "count"))
  var rounds = 20

  @Option(help: ArgumentHelp("The share that each round replaces.", valueName: "share"))
  var share = 0.1

  @Option(help: "Which vectors are deleted.")
  var order: UpdateBenchmark.Order = .oldest

  @OptionGroup var measurement: MeasurementOptions

  @Option(
    help: ArgumentHelp("How many candidates a search of a segment keeps (L).", valueName: "size"))
  var listSize = 64

  @Option(help: ArgumentHelp("How many queries are asked each round.", valueName: "count"))
  var queries = 500

  @Option(help: ArgumentHelp("Vectors of one insert.", valueName: "count"))
  var batch = 256

  @Option(help: ArgumentHelp("Threads that search during the writes.", valueName: "count"))
  var searchers = 0

  @Option(
    help: ArgumentHelp("Fresh vectors at which they are sealed into a segment.", valueName: "count")
  )
  var tailRows = VectorIndexConfiguration().tailRowCountMax

  @Option(
    help: ArgumentHelp(
      "Segments of about the same size that are merged into one.", valueName: "count"))
  var fanIn = MergePolicy().fanIn

  @Option(
    help: ArgumentHelp(
      "The share of deleted vectors above which a segment is rebuilt.", valueName: "share"))
  var deadShare = MergePolicy().deadShareMax

  @Flag(help: "Also build the last window as one segment, for comparison.")
  var rebuild = false

  @OptionGroup var build: BuildOptions

  func validate() throws {
    try OptionRange.check(
      ("--count", count, 1...100_000_000), ("--dimension", dimension, 1...65_536),
      ("--rounds", rounds, 0...1_000_000), ("--list-size", listSize, 1...1_000_000),
      ("--queries", queries, 1...1_000_000), ("--batch", batch, 1...1_000_000),
      ("--searchers", searchers, 0...1024),
      ("--fan-in", fanIn, 2...VectorIndexConfiguration().segmentCountMax - 1))
    try OptionRange.check("--share", share: share)
    try OptionNames.check { try indexConfiguration.validate() }
  }

  private var indexConfiguration: VectorIndexConfiguration {
    var configuration = VectorIndexConfiguration()
    configuration.vamana.seed = build.seed ?? 1
    configuration.vamana.threadCount = build.buildThreads
    configuration.tailRowCountMax = tailRows
    configuration.mergePolicy.fanIn = fanIn
    configuration.mergePolicy.deadShareMax = deadShare
    return configuration
  }

  func run() async throws {
    let stepCount = Int((Double(count) * share).rounded())
    let benchmark = UpdateBenchmark(
      vectors: try vectors(rowCount: count + stepCount), metric: measurement.metric,
      count: count,
      rounds: rounds, stepCount: stepCount, batchCount: batch, order: order, seed: build.seed ?? 1,
      parameters: SearchParameters(k: measurement.k, listSize: listSize), searcherCount: searchers,
      rebuilds: rebuild, configuration: indexConfiguration)
    var printer = MeasurementPrinter(measurement.output.format, heading: UpdateTable.heading)
    let summary = try benchmark.run { try printer.print($0, row: UpdateTable.row) }
    try printer.print(summary, row: UpdateTable.text)
  }

  /// At least `rowCount` rows where they are drawn; a file must have as many as the window.
  private func vectors(rowCount: Int) throws -> UpdateVectors {
    guard let base else {
      return UpdateVectors(
        clusters: try GaussianClusters(
          count: rowCount, dimension: dimension, seed: build.seed ?? 1),
        queryCount: queries, threadCount: build.buildThreads)
    }
    let file = try VectorMatrix.read(base, of: "--base")
    guard file.count >= count + queries else {
      throw CommandFailure(
        "--base: '\(base)' holds \(file.count) vectors; expected at least \(count + queries), for the "
          + "window (--count) and the queries (--queries)", status: .badData)
    }
    return UpdateVectors(file: file, queryCount: queries)
  }
}

/// Rounds as a table for people.
private enum UpdateTable {
  static let heading =
    "round   recall@k       q/s    p99 µs  inserts/s  sustained/s  deletes/s  segments   tail   "
    + "dead  built"

  static func row(_ m: UpdateRound) -> String {
    String(
      format: "%5d   %8.5f %9.0f %9.1f %10.0f %12.0f %10.0f %9d %6d %5.1f%% %6.2f", m.round,
      m.recall, m.qps, m.p99Microseconds, m.insertsPerSecond, m.sustainedInsertsPerSecond,
      m.deletesPerSecond, m.segments, m.tailRows, m.deadShare * 100, m.writeAmplification)
  }

  static func text(_ m: UpdateSummary) -> String {
    var lines = [
      String(
        format: "sustained: %.0f inserts/s, merges included; each row built %.2f times",
        m.sustainedInsertsPerSecond, m.writeAmplification),
      String(format: "recall: %.5f at first, %.5f at worst", m.recallFirst, m.recallMin),
      String(
        format: "writer: %.2f s in inserts, %.2f s in deletes, %.2f s waiting for the background",
        m.insertSeconds, m.deleteSeconds, m.flushSeconds),
      String(
        format: "background threads: %.2f s sealing (%d), %.2f s merging (%d), %.2f s storing",
        m.sealThreadSeconds, m.seals, m.mergeThreadSeconds, m.merges, m.storeThreadSeconds),
    ]
    if let recall = m.recallRebuilt, let qps = m.qpsRebuilt {
      lines.append(String(format: "one segment of the last window: %.5f, %.0f q/s", recall, qps))
    }
    return lines.joined(separator: "\n")
  }
}

extension UpdateBenchmark.Order: ExpressibleByArgument {}
