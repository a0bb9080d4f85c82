internal import ArgumentParser
internal import Engram
internal import Episodes

struct PatternSearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find patterns by meaning.",
    discussion: """
      The score is made of meaning 0.4, context 0.2, effectiveness 0.2, recency 0.1 and success 0.1; \
      --format json shows each.

      EXAMPLES
        engram pattern search "tests fail after an upgrade"
      """)

  @OptionGroup var options: PatternOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let ranked = try await global.withMemory(creating: false) { memory in
      try await PendingLearning.catchUp(memory)
      return try await memory.searchPatterns(options.request(in: memory))
    }
    try global.output.print(ranked) { PatternText.table(ranked) }
  }
}

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
    let recommendation = try await global.withMemory(creating: false) { memory in
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

struct PatternAnalogousCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analogous",
    abstract: "Find patterns of other domains that may carry over to a task.",
    discussion: """
      EXAMPLES
        engram pattern analogous "requests time out under load" --domain web
      """)

  @OptionGroup var options: PatternOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard options.domain != nil else {
      throw ArgumentParser.ValidationError("--domain is missing; expected the domain of the task")
    }
  }

  func run() async throws {
    let ranked = try await global.withMemory(creating: false) { memory in
      try await PendingLearning.catchUp(memory)
      return try await memory.analogousPatterns(options.request(in: memory))
    }
    try global.output.print(ranked) { PatternText.table(ranked) }
  }
}
