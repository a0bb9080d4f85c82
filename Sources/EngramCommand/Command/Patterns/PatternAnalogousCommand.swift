internal import ArgumentParser
internal import Engram
internal import Episodes

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
    let ranked = try await global.withMemory(shardOf: try options.place.name(), creating: false) {
      memory in
      try await PendingLearning.catchUp(memory)
      return try await memory.analogousPatterns(options.request(in: memory))
    }
    try global.output.print(ranked) { PatternText.table(ranked) }
  }
}
