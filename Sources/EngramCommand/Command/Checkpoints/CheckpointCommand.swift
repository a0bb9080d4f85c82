internal import ArgumentParser
internal import Engram
internal import Episodes

struct CheckpointCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Mark points of unfinished episodes, to go on from them later.",
    discussion: """
      EXAMPLES
        engram checkpoint create ID "before the migration" --note "schema 3 is applied"
        engram checkpoint list ID
        engram resume ID --checkpoint CHECKPOINT
      """,
    subcommands: [
      CheckpointCreateCommand.self, CheckpointListCommand.self, CheckpointDeleteCommand.self,
    ])
}
