internal import ArgumentParser
internal import Engram
internal import Episodes

struct CheckpointListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the checkpoints of an episode.",
    discussion: """
      EXAMPLES
        engram checkpoint list ID
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let checkpoints = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await place.check(id, in: memory)
      return try await memory.checkpoints(of: id)
    }
    try global.output.print(checkpoints) {
      if checkpoints.isEmpty { return "episode '\(TerminalText.printable(id))' has no checkpoint" }
      var table = TextTable(["checkpoint", "after step", "time", "label", "note"], right: [1])
      for checkpoint in checkpoints {
        table.append([
          checkpoint.id, "\(checkpoint.stepNumber)",
          "\(checkpoint.timestamp)", UpkeepText.short(checkpoint.label, columns: 24),
          UpkeepText.short(checkpoint.note ?? "", columns: 40),
        ])
      }
      return table.fitted
    }
  }
}
