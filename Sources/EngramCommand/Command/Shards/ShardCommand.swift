internal import ArgumentParser

struct ShardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shard",
    abstract: "Show shards, and move namespaces between them.",
    discussion: """
      The configuration file names the shards, in the table [shards]: databases, and which namespace is in which. \
      A command works in the shard of its namespace; 'engram search --all-namespaces' asks all of them at once, and \
      says which did not answer.

      EXAMPLES
        engram shard list
        engram shard move team-a --from east
      """,
    subcommands: [ShardListCommand.self, ShardMoveCommand.self])
}
