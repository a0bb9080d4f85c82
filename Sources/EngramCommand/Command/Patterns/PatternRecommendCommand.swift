internal import ArgumentParser
internal import Engram
internal import Episodes

struct PatternRecommendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Recommend patterns for a task.",
    discussion: """
      Prints the id of the recommendation first: 'engram pattern feedback' takes it. With --episode \
      the feedback counts with that episode, when it is completed. What is little like the task (column like, \
      below 0.38) is left out: where nothing known fits, it says so. --any recommends what is nearest all the same.

      EXAMPLES
        engram pattern recommend "fix the flaky login test" --domain web --language python
        engram pattern recommend "refund an order" --episode ID --format json
      """)

  @OptionGroup var options: PatternOptions

  @Option(help: ArgumentHelp("The episode in which the task is done.", valueName: "id"))
  var episode: String?

  @Flag(help: "Also what is little like the task.")
  var any = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let recommendation = try await global.withMemory(
      shardOf: try options.place.name(), creating: false
    ) { memory in
      try await PendingLearning.catchUp(memory)
      var request = try await options.request(episode: episode, in: memory)
      if any { request.likenessMin = 0 }
      return try await memory.recommend(request)
    }
    try global.output.print(recommendation) {
      PatternText.recommendation(recommendation)
    }
  }
}
