internal import ArgumentParser
internal import Foundation
internal import Vamana

struct BenchDiskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disk",
    abstract: "Search an index that stays on disk; measure recall, speed and memory.",
    discussion: """
      The index is built and written to --index if the file is not there. It is searched in a process \
      that holds no vectors but the queries, by one thread: with a warm page cache, and some queries \
      with the page cache emptied of the index before each. Resident is what opening and searching \
      adds to the process, in percent of the size of the indexed vectors as 32-bit floats.

      EXAMPLES
        engram bench disk --base base.npy --queries queries.npy --metric cosine --index base.segment
        engram bench disk --queries queries.npy --truth truth.ibin --index base.segment
      """)

  @Option(
    help: ArgumentHelp(
      "The vectors to search: .npy, .fvecs or .fbin; needed to build, and without --truth.",
      valueName: "file"))
  var base: String?

  @Option(help: ArgumentHelp("The vectors to ask for, likewise.", valueName: "file"))
  var queries: String

  @Option(help: ArgumentHelp("The true neighbours of each query.", valueName: "file"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "The file of the index: read if it is there, else built and written.", valueName: "file"))
  var index: String

  @OptionGroup var measurement: MeasurementOptions

  @Option(
    help: ArgumentHelp(
      "List sizes to measure too (how many candidates a search keeps), separated by commas.",
      valueName: "sizes"),
    transform: NumberList.listSizes)
  var listSizes: [Int] = []

  @Option(
    help: ArgumentHelp(
      "Recalls for which the index chooses the list size itself. Default: 0.9,0.95,0.99.",
      valueName: "recalls"),
    transform: NumberList.targetRecalls)
  var targetRecalls: [Double] = [0.9, 0.95, 0.99]

  @OptionGroup var graph: GraphOptions

  @Option(
    help: ArgumentHelp(
      "MiB of the index to keep in memory. Default: a hundredth of the vectors' size.",
      valueName: "MiB"))
  var cache: Int?

  @Option(
    help: ArgumentHelp("Reads of one search that are under way at once.", valueName: "count"))
  var concurrentReads = DiskSegmentOptions().concurrentReadCount

  @Option(
    help: ArgumentHelp("Queries to ask with nothing in the page cache.", valueName: "count"))
  var coldQueries = 200

  @Flag(help: "Do not compare what is read with its checksums.")
  var unverified = false

  func validate() throws {
    try OptionRange.check(
      ("--cache", cache ?? 0, 0...(1 << 24)), ("--cold-queries", coldQueries, 0...(1 << 24)),
      ("--concurrent-reads", concurrentReads, 1...64))
  }

  func run() async throws {
    let isBuilt = FileManager.default.fileExists(atPath: index)
    guard isBuilt, let truth, base == nil else { return try prepareAndRunAgain(isBuilt: isBuilt) }
    let queries = try VectorMatrix.read(queries, of: "--queries")
    let benchmark = DiskBenchmark(
      indexPath: index, queries: queries,
      truth: try BenchmarkTruth.read(
        truth, count: queries.count, baseCount: nil, k: measurement.k),
      k: measurement.k, listSizes: listSizes, targetRecalls: targetRecalls, options: options,
      coldQueryCount: coldQueries)
    var printer = MeasurementPrinter(measurement.output.format, heading: DiskTable.heading)
    try benchmark.run(
      check: { try check($0, queries: queries, neighborCount: benchmark.truth[0].count) },
      emit: { try printer.print($0, row: DiskTable.row) })
  }

  private var options: DiskSegmentOptions {
    var options = DiskSegmentOptions()
    options.cacheByteCount = cache.map { $0 << 20 }
    options.concurrentReadCount = concurrentReads
    options.verifiesRecords = !unverified
    return options
  }

  private var configuration: VamanaConfiguration {
    var configuration = graph.configuration
    configuration.placement = .disk
    return configuration
  }

  /// Compares an index with what can be known of it without the vectors.
  private func check(
    _ segment: DiskSegment, queries: VectorMatrix, neighborCount: Int
  ) throws {
    let found = IndexDescription(of: segment)
    var asked = found
    asked.dimension = queries.dimension
    asked.metric = measurement.metric
    asked.maximumDegree = graph.degree
    try found.check(at: index, isAs: asked)
    try BenchmarkTruth.check(
      neighborCount: neighborCount, path: truth ?? "", baseCount: segment.count, k: measurement.k)
  }

  /// Builds what is missing, and measures in a fresh process: this one has had the vectors in memory.
  private func prepareAndRunAgain(isBuilt: Bool) throws {
    guard let base else {
      throw CommandFailure(
        isBuilt
          ? "without --truth the vectors are needed: expected --base"
          : "--index: there is no '\(index)'; expected --base to build it from", status: .usage)
    }
    let vectors = try VectorMatrix.read(base, of: "--base")
    let queries = try VectorMatrix.read(queries, of: "--queries", dimension: vectors.dimension)
    let k = measurement.k
    if let truth {
      _ = try BenchmarkTruth.read(truth, count: queries.count, baseCount: vectors.count, k: k)
    }
    try CommandFailure.naming("--index") {
      let benchmark = BenchmarkIndex(
        base: vectors, metric: measurement.metric, configuration: configuration)
      if isBuilt {
        let segment = try BenchmarkIndex.naming(index) { try DiskSegment(path: index) }
        try benchmark.expectation.check(IndexDescription(of: segment), at: index) {
          try segment.vector(of: $0)
        }
      } else {
        try benchmark.write(to: index, progress: BuildProgressBar.report())
      }
    }
    var temporary: String?
    defer { if let temporary { try? FileManager.default.removeItem(atPath: temporary) } }
    if truth == nil {
      let lists = BenchmarkTruth.compute(
        base: vectors, queries: queries, metric: measurement.metric, k: k,
        threadCount: graph.build.buildThreads)
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("engram-truth-\(UUID().uuidString).ibin").path
      temporary = path
      try NeighborMatrix(
        count: lists.count, neighborCount: lists.first?.count ?? 0, neighbors: lists.flatMap { $0 }
      ).write(to: path)
    }
    try runAgain(truth: truth ?? temporary ?? "")
  }

  private func runAgain(truth: String) throws {
    let (text, ending) = try ChildProcess.run(
      Bundle.main.executablePath ?? CommandLine.arguments[0], arguments(truth: truth),
      environment: ProcessInfo.processInfo.environment)
    // The lines end with line feeds of their own.
    let lines = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .newlines)
    if !lines.isEmpty { try StandardOutput.printLine(lines) }
    guard ending.status == 0 else {
      // The program says its name before a message; it will again.
      let message = ending.message.trimmingCharacters(in: .whitespacesAndNewlines)
      throw CommandFailure(
        message.hasPrefix("engram: ") ? String(message.dropFirst(8)) : message,
        status: ExitStatus(rawValue: ending.status) ?? .failure)
    }
  }

  private func arguments(truth: String) -> [String] {
    var arguments = [
      "bench", "disk", "--queries", queries, "--truth", truth, "--index", index, "--metric",
      measurement.metricName.rawValue, "--k", "\(measurement.k)", "--degree", "\(graph.degree)",
      "--concurrent-reads", "\(concurrentReads)", "--cold-queries", "\(coldQueries)", "--format",
      measurement.output.format.rawValue, "--target-recalls",
      targetRecalls.map { "\($0)" }.joined(separator: ","),
    ]
    if !listSizes.isEmpty {
      arguments += ["--list-sizes", listSizes.map(String.init).joined(separator: ",")]
    }
    if let cache { arguments += ["--cache", "\(cache)"] }
    if unverified { arguments.append("--unverified") }
    return arguments
  }
}

/// Measurements as a table for people.
private enum DiskTable {
  static let heading =
    "   L   recall@k      q/s   p50 µs   p99 µs  cold p50  cold p99   hops  reads  cached  resident"

  static func row(_ m: DiskMeasurement) -> String {
    String(
      format: "%4d   %8.5f %8.0f %8.1f %8.1f  ", m.param, m.recall, m.qps, m.p50Microseconds,
      m.p99Microseconds)
      + column(m.coldP50Microseconds) + "  " + column(m.coldP99Microseconds)
      + String(
        format: " %6.1f %6.1f  %6.1f   %5.2f %%", m.hops, m.reads, m.cachedRecords,
        100 * m.residentShare)
  }

  /// A time, or a dash where none was measured.
  private static func column(_ microseconds: Double?) -> String {
    guard let microseconds else { return "       -" }
    return String(format: "%8.0f", microseconds)
  }
}
