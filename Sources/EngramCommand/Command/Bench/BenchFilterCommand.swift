internal import ArgumentParser
internal import Foundation
internal import Vamana

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
      p50_us, p99_us, ratio, one_shot_us, one_shot_recall, distance_evaluations, hops} for each.

      EXAMPLES
        engram bench filter --base base.npy --queries queries.npy --metric cosine
        engram bench filter --base base.fbin --queries q.fbin --metric ip --selectivities 0.5,0.01 \
      --format json
      """)

  @OptionGroup var files: VectorFileOptions
  @OptionGroup var measurement: MeasurementOptions

  @Option(
    help: ArgumentHelp(
      "Shares of the vectors that match, separated by commas. Default: 0.5,0.1,0.01,0.001.",
      valueName: "shares"),
    transform: NumberList.selectivities)
  var selectivities = [0.5, 0.1, 0.01, 0.001]

  @Option(
    help: ArgumentHelp("The recall for which the index chooses the list size.", valueName: "recall")
  )
  var targetRecall = SearchParameters.defaultTargetRecall

  @Option(
    help: ArgumentHelp(
      "How many candidates a search keeps, in place of a target recall.", valueName: "size"))
  var listSize: Int?

  @OptionGroup var graph: GraphOptions
  @OptionGroup var indexFile: IndexFileOptions

  func validate() throws {
    try OptionRange.check("--target-recall", share: targetRecall)
    try OptionRange.check(("--list-size", listSize ?? 1, 1...1_000_000))
  }

  func run() async throws {
    let (base, queries) = try files.read()
    let (metric, k) = (measurement.metric, measurement.k)
    let build = graph.build
    var configuration = graph.configuration
    configuration.isFused = !indexFile.compact
    let (segment, _) = try BenchmarkIndex(
      base: base, metric: metric, configuration: configuration, path: indexFile.index
    ).open(progress: BuildProgressBar.report())
    let benchmark = FilterBenchmark(
      workload: FilterWorkload(
        base: base, queries: queries, metric: metric, seed: build.seed ?? 1,
        threadCount: build.buildThreads),
      selectivities: selectivities, kinds: FilterWorkload.Kind.allCases,
      parameters: listSize.map { SearchParameters(k: k, listSize: $0) }
        ?? SearchParameters(k: k, targetRecall: targetRecall),
      threadCount: build.buildThreads)
    var printer = MeasurementPrinter(measurement.output.format, heading: FilterTable.heading)
    try benchmark.run(on: segment) { try printer.print($0, row: FilterTable.row) }
  }
}

/// Measurements as a table for people.
private enum FilterTable {
  static let heading =
    "matches   lie            recall@k        q/s    p50 µs    p99 µs   ratio   one-shot µs  one-shot recall"
    + "  prepare ms   evaluations    hops"

  static func row(_ m: FilterMeasurement) -> String {
    String(
      format: "%7.3f   ", m.selectivity) + m.kind.padding(toLength: 12, withPad: " ", startingAt: 0)
      + String(
        format: " %10.5f %10.0f %9.1f %9.1f %7.2f %13.1f %16.5f %11.1f %13.0f %7.1f", m.recall,
        m.qps,
        m.p50Microseconds, m.p99Microseconds, m.ratio, m.oneShotMicroseconds, m.oneShotRecall,
        m.preparationMilliseconds, m.distanceEvaluations, m.hops)
  }
}
