internal import ArgumentParser

struct PatternCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pattern",
    abstract: "What was learned from episodes: list, search, recommend, explain.",
    discussion: """
      Patterns are drawn from completed episodes: sequences of tools, decisions, ways out of errors, \
      and what works in a context. The same experience again is counted, not repeated.

      EXAMPLES
        engram pattern list --kind errorRecovery
        engram pattern recommend "fix the flaky login test" --domain web
        engram pattern feedback RECOMMENDATION PATTERN --helped
        engram pattern explain PATTERN
      """,
    subcommands: [
      PatternListCommand.self, PatternShowCommand.self, PatternSearchCommand.self,
      PatternRecommendCommand.self, PatternAnalogousCommand.self, PatternExplainCommand.self,
      PatternFeedbackCommand.self, PatternLearnCommand.self,
    ])
}
