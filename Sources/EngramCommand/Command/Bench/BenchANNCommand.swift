internal import ArgumentParser
internal import Foundation
internal import Vamana

struct BenchANNCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ann",
    abstract: "Build an index over a file of vectors and measure recall against speed.",
    discussion: """
      For each list size (how many candidates a search keeps: more find more, and take longer) all \
      queries are asked, and their answers compared with the true neighbours. These are computed, \
      unless --truth (.ivecs, .ibin or .npy) names them. With --format json a line of {library, \
      config, param, recall, qps, batch_qps, p50_us, p99_us, build_s, index_bytes, resident_bytes, \
      distance_evaluations, hops} for each list size, which is its param.

      EXAMPLES
        engram bench ann --base base.npy --queries queries.npy --metric cosine
        engram bench ann --base base.fvecs --queries query.fvecs --truth truth.ivecs --metric l2 \
      --list-sizes 10,20,40,80,160 --format json
      """)

  @OptionGroup var files: VectorFileOptions

  @Option(help: ArgumentHelp("The true neighbours of each query.", valueName: "file"))
  var truth: String?

  @OptionGroup var measurement: MeasurementOptions

  @Option(help: ArgumentHelp("Threads that search.", valueName: "count"))
  var threads = 1

  @Option(
    help: ArgumentHelp(
      "List sizes to measure, separated by commas. Default: 17 from 10 to 400.",
      valueName: "sizes"),
    transform: NumberList.listSizes)
  var listSizes = [10, 12, 16, 20, 26, 32, 40, 52, 64, 80, 100, 130, 160, 200, 260, 320, 400]

  @Option(
    help: ArgumentHelp(
      "Recalls for which the index chooses the list size itself, measured before the list sizes.",
      valueName: "recalls"),
    transform: NumberList.targetRecalls)
  var targetRecalls: [Double] = []

  @OptionGroup var graph: GraphOptions
  @OptionGroup var indexFile: IndexFileOptions

  func validate() throws { try OptionRange.check(("--threads", threads, 1...1024)) }

  func run() async throws {
    let (base, queries) = try files.read()
    let k = measurement.k
    // What is given is read before a build of minutes, what is computed comes after it.
    let given = try truth.map {
      try BenchmarkTruth.read($0, count: queries.count, baseCount: base.count, k: k)
    }
    var configuration = graph.configuration
    configuration.isFused = !indexFile.compact
    let (segment, buildSeconds) = try BenchmarkIndex(
      base: base, metric: measurement.metric, configuration: configuration, path: indexFile.index
    ).open(progress: BuildProgressBar.report())
    let benchmark = ANNBenchmark(
      queries: queries,
      truth: given
        ?? BenchmarkTruth.compute(
          base: base, queries: queries, metric: measurement.metric, k: k,
          threadCount: graph.build.buildThreads),
      k: k, threadCount: threads, listSizes: listSizes, targetRecalls: targetRecalls)
    var printer = MeasurementPrinter(measurement.output.format, heading: ANNTable.heading)
    try benchmark.run(on: segment, buildSeconds: buildSeconds) {
      try printer.print($0, row: ANNTable.row)
    }
  }
}

/// Measurements as a table for people.
private enum ANNTable {
  static let heading =
    "   L   recall@k        q/s    p50 µs    p99 µs   evaluations    hops"

  static func row(_ m: ANNMeasurement) -> String {
    String(
      format: "%4d   %8.5f %10.0f %9.1f %9.1f %13.0f %7.1f", m.param, m.recall, m.qps,
      m.p50Microseconds, m.p99Microseconds, m.distanceEvaluations, m.hops)
  }
}
