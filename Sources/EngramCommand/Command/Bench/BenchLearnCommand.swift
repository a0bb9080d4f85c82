internal import ArgumentParser
internal import Foundation

struct BenchLearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Measure the life of an episode, and learning from many.",
    discussion: """
      Fills a memory with --episodes of made-up words, in batches, and then starts episodes, logs steps and \
      completes them, one by one: each is stored for good, embedded, and waits to be learned from. Learning from \
      what waits comes last. With --model texts are embedded by the model, otherwise as sums of a random vector for \
      each word, which takes no time. With --patterns a memory of that many patterns, without episodes, is filled as \
      well, and asked for recommendations. The memories are deleted at the end. With --format json prints a line for each \
      measurement: {name, count, seconds, p50_us, p99_us}.

      EXAMPLES
        engram bench learn
        engram bench learn --episodes 100000 --model
        engram bench learn --episodes 1000 --patterns 100000
      """)

  @Option(help: ArgumentHelp("Episodes in the memory.", valueName: "count"))
  var episodes = 20_000

  @Option(help: ArgumentHelp("Words of an episode.", valueName: "count"))
  var words = 60

  @Option(help: ArgumentHelp("Episodes that are started and completed.", valueName: "count"))
  var lives = 500

  @Option(help: ArgumentHelp("Episodes of an import that are stored at once.", valueName: "count"))
  var batch = 250

  @Option(help: ArgumentHelp("Patterns to recommend from; 0 for none.", valueName: "count"))
  var patterns = 0

  @Flag(help: "Embed the episodes that are started and completed with the model.")
  var model = false

  @OptionGroup var scratch: ScratchOptions

  func validate() throws {
    try OptionRange.check(
      ("--episodes", episodes, 1...10_000_000), ("--words", words, 3...3000),
      ("--lives", lives, 2...1_000_000), ("--batch", batch, 1...100_000),
      ("--patterns", patterns, 0...10_000_000))
  }

  func run() async throws {
    try await scratch.withFolder(named: "learn") { path in
      let benchmark = LearningBenchmark(
        episodeCount: episodes, lifeCount: lives, batchCount: batch, usesModel: model,
        workload: SearchWorkload(seed: scratch.seed, wordsAnEpisode: words), folder: path)
      var printer = MeasurementPrinter(
        scratch.output.format, heading: BenchSearchCommand.heading)
      try await benchmark.run { try printer.print($0, row: BenchSearchCommand.row) }
      guard patterns > 0 else { return }
      let asking = PatternBenchmark(
        patternCount: patterns, requestCount: lives, workload: benchmark.workload,
        folder: path + "-patterns")
      defer { try? FileManager.default.removeItem(atPath: asking.folder) }
      try await asking.run { try printer.print($0, row: BenchSearchCommand.row) }
    }
  }
}
