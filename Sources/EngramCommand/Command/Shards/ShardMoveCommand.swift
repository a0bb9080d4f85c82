internal import ArgumentParser
internal import Engram

struct ShardMoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "move",
    abstract: "Move a namespace to the shard where the configuration has it now.",
    discussion: """
      First name the new shard in [shards.namespace] of the configuration file of every node: what is new goes there \
      then. This copies what is in the old shard, compares both, and takes away from the old one only what still is \
      what was compared. Cut off anywhere it goes on when it is run again.

      EXAMPLES
        engram shard move team-a --from east
      """)

  @Argument(help: "The namespace.")
  var namespace: String

  @Option(help: "The shard where it was.")
  var from: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withShards {
      try await $0.moveNamespace(namespace, from: from)
    }
    try global.output.print(report) {
      "moved \(UpkeepText.count(report.episodes, "episode")), \(UpkeepText.count(report.patterns, "pattern")), "
        + "\(UpkeepText.count(report.heuristics, "heuristic")), "
        + "\(UpkeepText.count(report.relationships, "relationship")) and "
        + "\(UpkeepText.count(report.recommendations, "recommendation")) from '\(report.from)' to '\(report.to)'"
    }
  }
}
