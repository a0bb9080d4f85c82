internal import ArgumentParser
internal import Foundation
internal import Vamana
internal import VectorMath

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
      "The vectors to index; needed to build, and without --truth.", valueName: "file"))
  var base: String?

  @Option(help: ArgumentHelp("The vectors to ask for.", valueName: "file"))
  var queries: String

  @Option(help: ArgumentHelp("The true neighbours of each query.", valueName: "file"))
  var truth: String?

  @Option(help: ArgumentHelp("The file of the index.", valueName: "file"))
  var index: String

  @Option(help: "cosine, ip (inner product) or l2 (squared Euclidean).")
  var metric: Metric = .cosine

  @Option(name: .customLong("k"), help: "How many neighbours are asked for.")
  var k = 10

  @Option(help: "Threads that build.")
  var buildThreads = 2

  @Option(
    help: ArgumentHelp("List sizes to measure, separated by commas.", valueName: "sizes"),
    transform: ListSizes.parse)
  var listSizes: [Int] = []

  @Option(
    help: ArgumentHelp(
      "Recalls for which the index chooses the list size itself.", valueName: "recalls"),
    transform: TargetRecalls.parse)
  var targetRecalls: [Double] = [0.9, 0.95, 0.99]

  @Option(help: "The most neighbours of a node (R).")
  var degree = VamanaConfiguration().maximumDegree

  @Option(
    help: ArgumentHelp(
      "MiB of node records to keep in memory; by default a hundredth of the vectors' size.",
      valueName: "MiB"))
  var cache: Int?

  @Option(help: "Reads under way at once where they come from the disk.")
  var concurrentReads = DiskSegmentOptions().concurrentReadCount

  @Option(help: "Queries to ask with nothing in the page cache.")
  var coldQueries = 200

  @Flag(help: "Do not compare records with their checksums.")
  var unverified = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (name, value, range) in [
      ("--k", k, 1...1024), ("--build-threads", buildThreads, 1...1024),
      ("--cache", cache ?? 0, 0...(1 << 24)), ("--cold-queries", coldQueries, 0...(1 << 24)),
      ("--concurrent-reads", concurrentReads, 1...64),
    ] where !range.contains(value) {
      throw ArgumentParser.ValidationError(
        "\(name) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
    }
  }

  func run() async throws {
    let isBuilt = FileManager.default.fileExists(atPath: index)
    guard isBuilt, let truth else { return try prepareAndRunAgain(isBuilt: isBuilt) }
    let queries = try VectorMatrix(path: queries)
    guard queries.count > 0 else {
      throw CommandFailure(
        "\(self.queries): holds no vector; expected at least one", status: .badData)
    }
    var options = DiskSegmentOptions()
    options.cacheByteCount = cache.map { $0 << 20 }
    options.concurrentReadCount = concurrentReads
    options.verifiesRecords = !unverified
    let benchmark = DiskBenchmark(
      indexPath: index, queries: queries,
      truth: try BenchmarkTruth.read(truth, count: queries.count, baseCount: nil, k: k), k: k,
      listSizes: listSizes, targetRecalls: targetRecalls, options: options,
      coldQueryCount: coldQueries)
    let format = output.format
    var isFirst = true
    try benchmark.run(metric: metric) { measurement in
      if format == .text, isFirst { print(DiskTable.heading) }
      isFirst = false
      print(
        format == .text
          ? DiskTable.row(measurement) : (try? JSONOutput.line(measurement)) ?? "")
      fflush(nil)
    }
  }

  /// Builds what is missing, and measures in a fresh process: this one has had the vectors in memory.
  private func prepareAndRunAgain(isBuilt: Bool) throws {
    guard let base else {
      throw CommandFailure(
        isBuilt
          ? "without --truth the vectors are needed: expected --base"
          : "\(index): no such file; expected --base to build it from", status: .usage)
    }
    let vectors = try VectorMatrix(path: base)
    let queries = try VectorMatrix(path: queries, dimension: vectors.dimension)
    guard vectors.count > 0, queries.count > 0 else {
      throw CommandFailure(
        "\(vectors.count == 0 ? base : self.queries): holds no vector; expected at least one",
        status: .badData)
    }
    if !isBuilt { try build(vectors) }
    var truthPath = truth
    var temporary: String?
    defer { if let temporary { try? FileManager.default.removeItem(atPath: temporary) } }
    if truthPath == nil {
      let lists = BenchmarkTruth.compute(
        base: vectors, queries: queries, metric: metric, k: k, threadCount: buildThreads)
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("engram-truth-\(UUID().uuidString).ibin").path
      temporary = path
      try NeighborMatrix(
        count: lists.count, neighborCount: lists.first?.count ?? 0, neighbors: lists.flatMap { $0 }
      ).write(to: path)
      truthPath = path
    }
    let environment = ProcessInfo.processInfo.environment
    let (text, ending) = try ChildProcess.run(
      Bundle.main.executablePath ?? CommandLine.arguments[0],
      arguments(truth: truthPath ?? ""), environment: environment)
    print(String(decoding: text, as: UTF8.self), terminator: "")
    guard ending.status == 0 else {
      // The program says its name before a message; it will again.
      let message = ending.message.trimmingCharacters(in: .whitespacesAndNewlines)
      throw CommandFailure(
        message.hasPrefix("engram: ") ? String(message.dropFirst(8)) : message,
        status: ExitStatus(rawValue: ending.status) ?? .failure)
    }
  }

  private func build(_ vectors: VectorMatrix) throws {
    var configuration = VamanaConfiguration()
    configuration.maximumDegree = degree
    configuration.candidateCount = max(configuration.candidateCount, degree)
    configuration.placement = .disk
    configuration.threadCount = buildThreads
    let image = try vectors.withRows(0..<vectors.count) { rows in
      try SegmentBuilder.build(
        vectors: rows, dimension: vectors.dimension,
        recordIDs: (0..<vectors.count).map(UInt64.init), metric: metric,
        configuration: configuration, progress: BuildProgressBar.report())
    }
    try image.write(toFile: index)
  }

  private func arguments(truth: String) -> [String] {
    var arguments = [
      "bench", "disk", "--queries", queries, "--truth", truth, "--index", index, "--metric",
      metric.description, "--k", "\(k)", "--concurrent-reads", "\(concurrentReads)",
      "--cold-queries", "\(coldQueries)", "--format", output.format.rawValue,
      "--target-recalls", targetRecalls.map { "\($0)" }.joined(separator: ","),
      "--list-sizes", listSizes.map(String.init).joined(separator: ","),
    ]
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
      format: "%4d   %8.5f %8.0f %8.1f %8.1f  %8.0f  %8.0f %6.1f %6.1f  %6.1f   %5.2f %%", m.param,
      m.recall, m.qps, m.p50Microseconds, m.p99Microseconds, m.coldP50Microseconds ?? .nan,
      m.coldP99Microseconds ?? .nan, m.hops, m.reads, m.cachedRecords, 100 * m.residentShare)
  }
}
