internal import ArgumentParser
internal import Foundation
internal import Vamana

struct BenchFlatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flat",
    abstract: "Measure exact search: one query after the other, and all in one batch.",
    discussion: """
      A flat index returns the true nearest vectors, and needs no build. Prints the time of one query \
      on one thread and of all queries in one call; with --format json a line of {library, config, \
      count, dimension, metric, k, threads, queries, append_s, index_bytes, p50_us, p99_us, qps, \
      batch_s, batch_qps}.

      EXAMPLES
        engram bench flat --base base.npy --queries queries.npy --metric ip
        engram bench flat --base base.fbin --queries queries.fbin --metric l2 --threads 2 \
      --format json
      """)

  @OptionGroup var files: VectorFileOptions
  @OptionGroup var measurement: MeasurementOptions

  @Option(
    help: ArgumentHelp(
      "Threads that search the batch, all processors if not given.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: ArgumentHelp("Timed passes over all queries; the best counts.", valueName: "count"))
  var passes = 3

  @Flag(help: "Keep the vectors alone, without codes: four fifths of the memory, slower.")
  var withoutCodes = false

  func validate() throws {
    try OptionRange.check(("--threads", threads, 1...1024), ("--passes", passes, 1...1000))
  }

  func run() async throws {
    let (base, queries) = try files.read()
    let result = try FlatBenchmark(
      base: base, queries: queries, metric: measurement.metric, k: measurement.k,
      threadCount: threads, keepsCodes: !withoutCodes, passCount: passes
    ).run()
    var printer = MeasurementPrinter(measurement.output.format)
    try printer.print(result, row: Self.text)
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
