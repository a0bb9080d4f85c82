internal import ArgumentParser
internal import Foundation

struct BenchSearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Measure searches of a memory, without the embedding of their words.",
    discussion: """
      Fills a memory with --episodes of made-up words, as frequent as those of a language, builds its index, \
      and measures searches by meaning and words together, by each alone, with a filter, and right after a \
      write. Embeddings are sums of a random vector for each word. The memory is deleted at the end. With \
      --format json prints a line for each measurement: {name, count, seconds, p50_us, p99_us}.

      EXAMPLES
        engram bench search
        engram bench search --episodes 100000 --folder /dev/shm
      """)

  @Option(help: ArgumentHelp("Episodes in the memory.", valueName: "count"))
  var episodes = 20_000

  @Option(help: ArgumentHelp("Words of an episode.", valueName: "count"))
  var words = 60

  @Option(help: ArgumentHelp("Searches of each kind.", valueName: "count"))
  var searches = 2000

  @Option(help: ArgumentHelp("The dimension of the embeddings.", valueName: "count"))
  var dimension = 384

  @Option(help: ArgumentHelp("Hits that are asked for.", valueName: "count"))
  var limit = 10

  @Option(
    help: ArgumentHelp(
      "Episodes that the cache keeps; hits that it lacks are read from the store.",
      valueName: "count"))
  var cached = 1000

  @OptionGroup var scratch: ScratchOptions

  func validate() throws {
    try OptionRange.check(
      ("--episodes", episodes, 1...10_000_000), ("--words", words, 3...3000),
      ("--searches", searches, 10...1_000_000), ("--dimension", dimension, 1...65_536),
      ("--limit", limit, 1...1000), ("--cached", cached, 1...10_000_000))
  }

  func run() async throws {
    try await scratch.withFolder(named: "search") { path in
      let benchmark = SearchBenchmark(
        episodeCount: episodes, searchCount: searches, dimension: dimension, limit: limit,
        cachedEpisodesMax: cached,
        workload: SearchWorkload(seed: scratch.seed, wordsAnEpisode: words), folder: path)
      var printer = MeasurementPrinter(scratch.output.format, heading: Self.heading)
      try await benchmark.run { try printer.print($0, row: Self.row) }
    }
  }

  static let heading =
    "                                  count   seconds      p50 µs      p99 µs"

  static func row(_ m: SearchMeasurement) -> String {
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func number(_ value: Double?, _ format: String) -> String {
      value.map { String(format: format, $0) } ?? ""
    }
    return m.name + String(repeating: " ", count: max(0, 30 - m.name.count))
      + pad(String(m.count), 9) + pad(number(m.seconds, "%.3f"), 10)
      + pad(number(m.p50Microseconds, "%.1f"), 12) + pad(number(m.p99Microseconds, "%.1f"), 12)
  }
}
