internal import ArgumentParser
internal import Engram
internal import Episodes

struct PatternExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say why a pattern is believed, and from which episodes it comes.",
    discussion: """
      EXAMPLES
        engram pattern explain PATTERN
        engram pattern explain PATTERN --question "fix the flaky login test"
      """)

  @Argument(help: "The id of the pattern.")
  var id: String

  @Option(help: "A task, in words: how the pattern is scored for it.")
  var question: String?

  @Option(help: "The most episodes to name, 0 to 256.")
  var episodes = 10

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--episodes", episodes, 0...PatternMerge.evidenceMax))
  }

  func run() async throws {
    let explanation = try await global.withMemory(creating: false) {
      try await $0.explainPattern(id: id, question: question, evidenceMax: episodes)
    }
    try global.output.print(explanation) { PatternText.explanation(explanation) }
  }
}
