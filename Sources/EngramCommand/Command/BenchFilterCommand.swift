internal import ArgumentParser
internal import Foundation
internal import Vamana
internal import VectorMath

struct BenchFilterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter",
    abstract: "Measure searches that may return some of the vectors only.",
    discussion: """
      For each selectivity (the share of vectors that match) and for matches that lie anywhere \
      (uncorrelated), in clusters drawn at random (clustered), nearest to the query's group (near) and in \
      clusters far from it (far): recall against exact search, latency, its ratio to a search \
      without a filter in the same run, and the time of a query whose filter is used once. Reads \
      .npy, .fvecs and .fbin vectors. With --format json a line of {kind, selectivity, recall, qps, \
      p50_us, p99_us, ratio, one_shot_us, distance_evaluations, hops} for each.

      EXAMPLES
        engram bench filter --base base.npy --queries queries.npy --metric cosine
        engram bench filter --base base.fbin --queries q.fbin --metric ip --selectivities 0.5,0.01 \
      --format json
      """)

  @Option(help: ArgumentHelp("The vectors to index.", valueName: "file"))
  var base: String

  @Option(help: ArgumentHelp("The vectors to ask for.", valueName: "file"))
  var queries: String

  @Option(help: "cosine, ip (inner product) or l2 (squared Euclidean).")
  var metric: Metric = .cosine

  @Option(
    help: ArgumentHelp("Shares of the vectors that match.", valueName: "shares"),
    transform: Selectivities.parse)
  var selectivities = [0.5, 0.1, 0.01, 0.001]

  @Option(name: .customLong("k"), help: "How many neighbours are asked for.")
  var k = 10

  @Option(help: "The recall for which the index chooses the list size.")
  var targetRecall = SearchParameters.defaultTargetRecall

  @Option(help: "A list size, in place of a target recall.")
  var listSize: Int?

  @Option(help: "Threads that build and compute the truth; one searches.")
  var buildThreads = 2

  @Flag(help: "Keep no codes of a node's neighbours beside it: a quarter of the memory, slower.")
  var compact = false

  @Option(
    help: ArgumentHelp(
      "Keep the index in this file: read if it is there, else built and written.",
      valueName: "file"))
  var index: String?

  @Option(help: "Seed of the filters.")
  var seed: UInt64 = 1

  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (name, value) in [("--k", k), ("--build-threads", buildThreads)]
    where !(1...1024).contains(value) {
      throw ArgumentParser.ValidationError("\(name) is \(value); expected 1 to 1024")
    }
    guard (0...1).contains(targetRecall) else {
      throw ArgumentParser.ValidationError(
        "--target-recall is \(targetRecall); expected 0 to 1")
    }
    if let listSize, !(1...1_000_000).contains(listSize) {
      throw ArgumentParser.ValidationError(
        "--list-size is \(listSize); expected 1 to 1000000")
    }
  }

  func run() async throws {
    let base = try VectorMatrix(path: base)
    let queries = try VectorMatrix(path: queries, dimension: base.dimension)
    guard base.count > 0, queries.count > 0 else {
      throw CommandFailure(
        "\(base.count == 0 ? self.base : self.queries): holds no vector; expected at least one",
        status: .badData)
    }
    var configuration = VamanaConfiguration()
    configuration.threadCount = buildThreads
    configuration.isFused = !compact
    let (segment, _) = try BenchmarkIndex(
      base: base, metric: metric, configuration: configuration, path: index
    ).open(progress: BuildProgressBar.report())
    let benchmark = FilterBenchmark(
      workload: FilterWorkload(
        base: base, queries: queries, metric: metric, seed: seed, threadCount: buildThreads),
      selectivities: selectivities, kinds: FilterWorkload.Kind.allCases,
      parameters: listSize.map { SearchParameters(k: k, listSize: $0) }
        ?? SearchParameters(k: k, targetRecall: targetRecall),
      threadCount: buildThreads)
    let format = output.format
    if format == .text { print(FilterTable.heading) }
    try benchmark.run(on: segment) { measurement in
      print(
        format == .text
          ? FilterTable.row(measurement) : (try? JSONOutput.line(measurement)) ?? "")
      fflush(nil)
    }
  }
}

/// Selectivities as typed.
private enum Selectivities {
  static func parse(_ text: String) throws -> [Double] {
    try text.split(separator: ",").map { part in
      guard let share = Double(part), share > 0, share <= 1 else {
        throw ArgumentParser.ValidationError(
          "--selectivities has '\(part)'; expected numbers above 0 to 1, such as 0.5,0.1,0.01")
      }
      return share
    }
  }
}

/// Measurements as a table for people.
private enum FilterTable {
  static let heading =
    "matches   lie            recall@k        q/s    p50 µs    p99 µs   ratio   one-shot µs"
    + "  prepare ms   evaluations    hops"

  static func row(_ m: FilterMeasurement) -> String {
    String(
      format: "%7.3f   ", m.selectivity) + m.kind.padding(toLength: 12, withPad: " ", startingAt: 0)
      + String(
        format: " %10.5f %10.0f %9.1f %9.1f %7.2f %13.1f %11.1f %13.0f %7.1f", m.recall, m.qps,
        m.p50Microseconds, m.p99Microseconds, m.ratio, m.oneShotMicroseconds,
        m.preparationMilliseconds, m.distanceEvaluations, m.hops)
  }
}
