internal import ArgumentParser
internal import Engram
internal import Episodes

struct CapacityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Limit how many episodes are kept.",
    discussion: """
      The limits are kept with the store. A write that goes beyond them deletes the episodes that the policy \
      names first, unfinished ones last: leastRecentlyUsed those whose last use is longest ago, relevance those \
      with the lowest 0.7 · reward (at most 1) + 0.3 · e^(−hours since the last use / 24).

      EXAMPLES
        engram capacity show
        engram capacity set --episodes 100000 --policy relevance
        engram capacity enforce --dry-run
      """,
    subcommands: [
      CapacityShowCommand.self, CapacitySetCommand.self, CapacityEnforceCommand.self,
    ])
}
