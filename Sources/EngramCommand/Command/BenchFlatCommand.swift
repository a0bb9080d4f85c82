internal import ArgumentParser
internal import Foundation
internal import Vamana
internal import VectorMath

struct BenchFlatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flat",
    abstract: "Measure exact search: one query after the other, and all in one batch.",
    discussion: """
      Reads .npy, .fvecs and .fbin vectors into a flat index, which returns the true nearest ones. Prints \
      the time of one query on one thread and of all queries in one call; with --json a document of \
      {library, config, count, dimension, metric, k, threads, queries, append_s, index_bytes, p50_us, \
      p99_us, qps, batch_s, batch_qps}.

      EXAMPLES
        engram bench flat --base base.npy --queries queries.npy --metric ip
        engram bench flat --base base.fbin --queries queries.fbin --metric l2 --threads 2 --json
      """)

  @Option(help: ArgumentHelp("The vectors to search.", valueName: "file"))
  var base: String

  @Option(help: ArgumentHelp("The vectors to ask for.", valueName: "file"))
  var queries: String

  @Option(help: "cosine, ip (inner product) or l2 (squared Euclidean).")
  var metric: Metric = .cosine

  @Option(name: .customLong("k"), help: "How many neighbours are asked for.")
  var k = 10

  @Option(help: "Threads that search the batch; by default all processors.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Timed passes over all queries; the best counts.")
  var passes = 3

  @Flag(help: "Keep no codes: four fifths of the memory, slower.")
  var withoutCodes = false

  @Flag(help: "The same as --format json.")
  var json = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (name, value, most) in [
      ("--k", k, 1_000_000), ("--threads", threads, 1024), ("--passes", passes, 1000),
    ] where !(1...most).contains(value) {
      throw ArgumentParser.ValidationError("\(name) is \(value); expected 1 to \(most)")
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
    let measurement = try FlatBenchmark(
      base: base, queries: queries, metric: metric, k: k, threadCount: threads,
      keepsCodes: !withoutCodes, passCount: passes
    ).run()
    var output = output
    if json { output.format = .json }
    try output.print(measurement) { Self.text(measurement) }
  }

  private static func text(_ m: FlatMeasurement) -> String {
    String(
      format: """
        %d vectors of %d dimensions, metric %@, k %d, %@: %.1f MiB, appended in %.2f s
        one query, one thread   p50 %.0f µs, p99 %.0f µs, %.0f q/s
        batch of %d, %d thread%@   %.1f ms, %.0f q/s
        """, m.count, m.dimension, m.metric, m.k, m.config, Double(m.indexBytes) / 1_048_576,
      m.appendSeconds, m.p50Microseconds, m.p99Microseconds, m.qps, m.queries, m.threads,
      m.threads == 1 ? "" : "s", m.batchSeconds * 1e3, m.batchQPS)
  }
}
