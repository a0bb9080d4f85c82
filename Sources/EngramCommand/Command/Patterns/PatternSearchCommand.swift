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
    let ranked = try await global.withMemory(shardOf: try options.place.name(), creating: false) {
      memory in
      try await PendingLearning.catchUp(memory)
      return try await memory.searchPatterns(options.request(in: memory))
    }
    try global.output.print(ranked) { PatternText.table(ranked) }
  }
}
