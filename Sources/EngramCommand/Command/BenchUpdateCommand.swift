internal import ArgumentParser
internal import Foundation
internal import Vamana
internal import VectorMath

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

  @Option(help: "Records in the window.")
  var count = 100_000

  @Option(help: "The dimension of drawn vectors.")
  var dimension = 384

  @Option(help: ArgumentHelp("The vectors to insert, in order.", valueName: "file"))
  var base: String?

  @Option(help: "How often a share is replaced.")
  var rounds = 20

  @Option(help: "The share of the window that each round replaces.")
  var share = 0.1

  @Option(help: "Which records leave: oldest or random.")
  var order: UpdateBenchmark.Order = .oldest

  @Option(help: "Seed of drawn vectors and of the order.")
  var seed: UInt64 = 1

  @Option(help: "cosine, ip (inner product) or l2 (squared Euclidean).")
  var metric: Metric = .cosine

  @Option(name: .customLong("k"), help: "How many neighbours are asked for.")
  var k = 10

  @Option(help: "How many candidates a search of a segment keeps (L).")
  var listSize = 64

  @Option(help: "How many queries are asked each round.")
  var queries = 500

  @Option(help: "Rows of one insert.")
  var batch = 256

  @Option(help: "Threads that search during the writes.")
  var searchers = 0

  @Option(help: "Threads that seal and merge.")
  var buildThreads = 2

  @Option(help: "Rows at which a tail is sealed.")
  var tailRows = VectorIndexConfiguration().tailRowCountMax

  @Option(help: "Segments of a tier that are merged.")
  var fanIn = MergePolicy().fanIn

  @Option(help: "The share of dead rows above which a segment is rebuilt.")
  var deadShare = MergePolicy().deadShareMax

  @Flag(help: "Also build the last window as one segment, for comparison.")
  var rebuild = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    let ranges: [(String, Int, ClosedRange<Int>)] = [
      ("--count", count, 1...100_000_000), ("--dimension", dimension, 1...65_536),
      ("--rounds", rounds, 0...1_000_000), ("--k", k, 1...1024),
      ("--list-size", listSize, 1...1_000_000), ("--queries", queries, 1...1_000_000),
      ("--batch", batch, 1...1_000_000), ("--searchers", searchers, 0...1024),
      ("--build-threads", buildThreads, 1...1024),
    ]
    for (name, value, range) in ranges where !range.contains(value) {
      throw ArgumentParser.ValidationError(
        "\(name) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
    }
    guard share >= 0, share <= 1 else {
      throw ArgumentParser.ValidationError("--share is \(share); expected 0 to 1")
    }
  }

  func run() async throws {
    var configuration = VectorIndexConfiguration()
    configuration.vamana.seed = seed
    configuration.vamana.threadCount = buildThreads
    configuration.tailRowCountMax = tailRows
    configuration.mergePolicy.fanIn = fanIn
    configuration.mergePolicy.deadShareMax = deadShare
    let stepCount = Int((Double(count) * share).rounded())
    let benchmark = UpdateBenchmark(
      vectors: try vectors(rowCount: count + stepCount), metric: metric, count: count,
      rounds: rounds, stepCount: stepCount, batchCount: batch, order: order, seed: seed,
      parameters: SearchParameters(k: k, listSize: listSize), searcherCount: searchers,
      rebuilds: rebuild, configuration: configuration)
    let format = output.format
    if format == .text { print(UpdateTable.heading) }
    let summary = try benchmark.run { round in
      print(format == .text ? UpdateTable.row(round) : (try? JSONOutput.line(round)) ?? "")
      fflush(nil)
    }
    print(format == .text ? UpdateTable.text(summary) : try JSONOutput.line(summary))
  }

  /// At least `rowCount` rows where they are drawn; a file must have as many as the window.
  private func vectors(rowCount: Int) throws -> UpdateVectors {
    guard let base else {
      return UpdateVectors(
        clusters: try GaussianClusters(count: rowCount, dimension: dimension, seed: seed),
        queryCount: queries, threadCount: buildThreads)
    }
    let file = try VectorMatrix(path: base)
    guard file.count >= count + queries else {
      throw CommandFailure(
        "\(base): holds \(file.count) vectors; expected at least \(count + queries), for the "
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
