public import ArgumentParser
internal import Foundation
internal import Vamana
public import VectorMath

struct BenchANNCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ann",
    abstract: "Build an index over a file of vectors and measure recall against speed.",
    discussion: """
      Reads .npy, .fvecs and .fbin vectors, and .ivecs, .ibin or .npy truth; without a truth file the \
      exact neighbours are computed. Prints a measurement for each list size: with --format json a \
      line of {library, config, param, recall, qps, batch_qps, p50_us, p99_us, build_s, index_bytes, \
      resident_bytes, distance_evaluations, hops}.

      EXAMPLES
        engram bench ann --base base.npy --queries queries.npy --metric cosine
        engram bench ann --base base.fvecs --queries query.fvecs --truth truth.ivecs --metric l2 \
      --list-sizes 10,20,40,80,160 --format json
      """)

  @Option(help: ArgumentHelp("The vectors to index.", valueName: "file"))
  var base: String

  @Option(help: ArgumentHelp("The vectors to ask for.", valueName: "file"))
  var queries: String

  @Option(help: ArgumentHelp("The true neighbours of each query.", valueName: "file"))
  var truth: String?

  @Option(help: "cosine, ip (inner product) or l2 (squared Euclidean).")
  var metric: Metric = .cosine

  @Option(name: .customLong("k"), help: "How many neighbours are asked for.")
  var k = 10

  @Option(help: "Threads that search.")
  var threads = 1

  @Option(help: "Threads that build.")
  var buildThreads = 2

  @Option(
    help: ArgumentHelp("List sizes to measure, separated by commas.", valueName: "sizes"),
    transform: ListSizes.parse)
  var listSizes = [10, 12, 16, 20, 26, 32, 40, 52, 64, 80, 100, 130, 160, 200, 260, 320, 400]

  @Option(
    help: ArgumentHelp(
      "Recalls for which the index chooses the list size itself, measured before the list sizes.",
      valueName: "recalls"),
    transform: TargetRecalls.parse)
  var targetRecalls: [Double] = []

  @Option(help: "The most neighbours of a node (R).")
  var degree = VamanaConfiguration().maximumDegree

  @Option(help: "Pruning: 1 keeps short edges only, larger values longer ones too.")
  var alpha = VamanaConfiguration().alpha

  @Option(help: "How many of the neighbours are at longer range; by default the index decides.")
  var longRangeDegree: Int?

  @Flag(help: "Keep no codes of a node's neighbours beside it: a quarter of the memory, slower.")
  var compact = false

  @Option(
    help: ArgumentHelp(
      "Keep the index in this file: read if it is there, else built and written.",
      valueName: "file"))
  var index: String?

  @Option(help: "Seed of the build.")
  var seed = VamanaConfiguration().seed

  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (name, value) in [("--k", k), ("--threads", threads), ("--build-threads", buildThreads)]
    where !(1...1024).contains(value) {
      throw ArgumentParser.ValidationError("\(name) is \(value); expected 1 to 1024")
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
    configuration.maximumDegree = degree
    configuration.candidateCount = max(configuration.candidateCount, degree)
    configuration.alpha = alpha
    configuration.isFused = !compact
    configuration.longRangeDegree = longRangeDegree
    configuration.seed = seed
    configuration.threadCount = buildThreads
    let benchmark = ANNBenchmark(
      base: base, queries: queries, truth: try neighbors(base: base, queries: queries),
      metric: metric, k: k, threadCount: threads, configuration: configuration,
      listSizes: listSizes, targetRecalls: targetRecalls, indexPath: index)
    let format = output.format
    if format == .text { print(ANNTable.heading) }
    try benchmark.run(progress: BuildProgressBar.report()) { measurement in
      print(
        format == .text
          ? ANNTable.row(measurement) : (try? JSONOutput.line(measurement)) ?? "")
      fflush(nil)
    }
  }

  private func neighbors(base: VectorMatrix, queries: VectorMatrix) throws -> [[UInt32]] {
    if let truth {
      return try BenchmarkTruth.read(truth, count: queries.count, baseCount: base.count, k: k)
    }
    return BenchmarkTruth.compute(
      base: base, queries: queries, metric: metric, k: k, threadCount: buildThreads)
  }
}

/// List sizes as typed.
enum ListSizes {
  static func parse(_ text: String) throws -> [Int] {
    try text.split(separator: ",").map { part in
      guard let size = Int(part), (1...1_000_000).contains(size) else {
        throw ArgumentParser.ValidationError(
          "--list-sizes has '\(part)'; expected whole numbers from 1, such as 10,20,40")
      }
      return size
    }
  }
}

/// Recalls as typed.
enum TargetRecalls {
  static func parse(_ text: String) throws -> [Double] {
    try text.split(separator: ",").map { part in
      guard let recall = Double(part), (0...1).contains(recall) else {
        throw ArgumentParser.ValidationError(
          "--target-recalls has '\(part)'; expected numbers from 0 to 1, such as 0.9,0.95,0.99")
      }
      return recall
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

extension Metric: ExpressibleByArgument {
  public init?(argument: String) {
    guard let metric = Metric.allCases.first(where: { $0.description == argument }) else {
      return nil
    }
    self = metric
  }

  public static var allValueStrings: [String] { allCases.map(\.description) }

  public var defaultValueDescription: String { description }
}
