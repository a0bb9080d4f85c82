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

struct CheckpointCreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Mark the present point of an episode; prints the id.",
    discussion: """
      EXAMPLES
        engram checkpoint create ID "before the migration" --note "schema 3 is applied"
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Argument(help: "A short name of the point.")
  var label: String

  @Option(help: "What whoever goes on should know.")
  var note: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let made = try await global.withMemory(creating: false) {
      try await $0.checkpoint(id, label: label, note: note)
    }
    try global.output.print(made) { made.id }
  }
}

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

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let checkpoints = try await global.withMemory(creating: false) {
      try await $0.checkpoints(of: id)
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

struct CheckpointDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete a checkpoint; the episode stays.",
    discussion: """
      EXAMPLES
        engram checkpoint delete CHECKPOINT
      """)

  @Argument(help: "The id of the checkpoint.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withMemory(creating: false) { try await $0.deleteCheckpoint(id: id) }
    try global.output.print(["deleted": id]) { "deleted \(TerminalText.printable(id))" }
  }
}
