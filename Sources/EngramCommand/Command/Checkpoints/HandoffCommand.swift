internal import ArgumentParser
internal import Engram
internal import Episodes

struct HandoffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handoff",
    abstract: "Print what the next agent needs to go on with an episode.",
    discussion: """
      The goal, the steps done, what worked and what failed, facts, at most five next steps, and patterns \
      and heuristics that fit.

      EXAMPLES
        engram handoff ID
        engram handoff ID --format json
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let pack = try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      try await place.check(id, in: memory)
      return try await memory.handoffPack(for: id)
    }
    try global.output.print(pack) { UpkeepText.handoff(pack, columns: Terminal.outputColumns) }
  }
}
