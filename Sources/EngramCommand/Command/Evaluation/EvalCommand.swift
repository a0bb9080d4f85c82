internal import ArgumentParser
internal import Engram
internal import Foundation

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how good the answers are.",
    discussion: """
      EXAMPLES
        engram eval retrieval --queries datasets/queries.jsonl
        engram eval recommend --queries datasets/queries.jsonl --off-topic datasets/off-topic.txt
      """,
    subcommands: [EvalRetrievalCommand.self, EvalRecommendCommand.self])
}
