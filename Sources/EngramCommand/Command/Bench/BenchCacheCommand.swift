internal import ArgumentParser
internal import Cache
internal import Episodes
internal import Foundation

struct BenchCacheCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Measure the cache: reads, writes, eviction, sweeps, compression, space.",
    discussion: """
      Fills caches of their own in a folder that is removed afterwards, and measures on one thread: \
      reads of the stored bytes and of decoded episodes with 5 steps, writes one by one and in \
      batches, with and without compression; writes that evict; sweeps that drop a batch of expired \
      episodes; and the length of the file after many inserts under a bound. With --format json a line \
      for each, {operation, config, batch, p50_us, p99_us, records_per_s} or {operation, config, \
      episodes, inserts, value_bytes, used_bytes, file_bytes, saved_share}.

      EXAMPLES
        engram bench cache
        engram bench cache --input datasets/episodes.jsonl --inserts 0 --format json
      """)

  @Option(
    help: ArgumentHelp(
      "The episodes to keep, JSON Lines. Default: they are drawn, with 5 steps each.",
      valueName: "file"))
  var input: String?

  @Option(help: ArgumentHelp("Episodes that are drawn.", valueName: "count"))
  var count = 1000

  @Option(help: ArgumentHelp("Reads of one pass; writes are fewer.", valueName: "count"))
  var operations = 50_000

  @Option(help: ArgumentHelp("Timed passes; the best counts.", valueName: "count"))
  var passes = 3

  @Option(help: ArgumentHelp("Episodes of one batch.", valueName: "count"))
  var batch = 100

  @Option(help: ArgumentHelp("Inserts of the test of space; 0 for none.", valueName: "count"))
  var inserts = 200_000

  @Option(help: ArgumentHelp("The bound on episodes during these.", valueName: "count"))
  var bound = 10_000

  @Option(help: ArgumentHelp("The level of the compression that is measured.", valueName: "level"))
  var level = CacheCompression().level

  @OptionGroup var scratch: ScratchOptions

  func validate() throws {
    try OptionRange.check(
      ("--count", count, 1...10_000_000), ("--operations", operations, 1...100_000_000),
      ("--passes", passes, 1...1000), ("--batch", batch, 1...100_000),
      ("--inserts", inserts, 0...1_000_000_000), ("--bound", bound, 1...100_000_000),
      ("--level", level, 1...19))
  }

  func run() async throws {
    let episodes = try episodes()
    try await scratch.withFolder(named: "cache") { path in
      let benchmark = CacheBenchmark(
        episodes: episodes, operationCount: operations, passCount: passes, batchCount: batch,
        insertCount: inserts, boundCount: bound, compression: CacheCompression(level: level),
        folder: path)
      var printer = MeasurementPrinter(
        scratch.output.format,
        heading: "operation        config    batch    p50 µs    p99 µs   records/s")
      try benchmark.run(
        emit: { try printer.print($0, row: Self.row) },
        emitSpace: { try printer.print($0, row: Self.row) })
    }
  }

  private func episodes() throws -> [Episode] {
    guard let input else {
      var drawn = CacheEpisodes(seed: scratch.seed)
      return (0..<count).map { drawn.episode(id: "episode-\($0)", stepCount: 5) }
    }
    var reader = try EpisodeFileReader(
      path: input, startTime: Timestamp(nanosecondsSince1970: 0))
    var episodes: [Episode] = []
    while let line = try reader.next() {
      switch line {
      case .episode(_, let episode): episodes.append(episode)
      // Patterns and the like of an export: only episodes are measured.
      case .record: continue
      case .failure(let error):
        throw CommandFailure("--input: '\(input)': \(error)", status: .badData)
      }
    }
    guard !episodes.isEmpty else {
      throw CommandFailure("--input: '\(input)' holds no episode", status: .badData)
    }
    return episodes
  }

  private static func row(_ m: CacheMeasurement) -> String {
    let name = m.operation.padding(toLength: 16, withPad: " ", startingAt: 0)
    let config = m.config.padding(toLength: 8, withPad: " ", startingAt: 0)
    return name + " " + config
      + String(
        format: "%7d %9.2f %9.2f %11.0f", m.batch, m.p50Microseconds, m.p99Microseconds,
        m.recordsPerSecond)
  }

  private static func row(_ m: CacheSpace) -> String {
    let name = m.operation.padding(toLength: 16, withPad: " ", startingAt: 0)
    let config = m.config.padding(toLength: 8, withPad: " ", startingAt: 0)
    let saved = m.savedShare.map { String(format: ", %.1f %% saved", $0 * 100) } ?? ""
    return "\(name) \(config)  \(m.inserts) inserts: \(m.episodes) episodes, values "
      + "\(Units.bytes(m.valueBytes)), pages \(Units.bytes(m.usedBytes)), file "
      + "\(Units.bytes(m.fileBytes))\(saved)"
  }
}
