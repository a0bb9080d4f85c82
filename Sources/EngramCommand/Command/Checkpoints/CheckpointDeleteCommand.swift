internal import ArgumentParser
internal import Engram
internal import Episodes

struct CheckpointDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete a checkpoint; the episode stays.",
    discussion: """
      EXAMPLES
        engram checkpoint delete CHECKPOINT --dry-run
        engram checkpoint delete CHECKPOINT
      """)

  @Argument(help: "The id of the checkpoint.")
  var id: String

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    if dryRun {
      let checkpoint = try await global.withMemory(creating: false) {
        try await $0.checkpoint(id: id)
      }
      guard let checkpoint else { throw CommandFailure("there is no checkpoint '\(id)'") }
      return try global.output.print(checkpoint) {
        TerminalText.printable(
          "would delete \(id): '\(checkpoint.label)', after step \(checkpoint.stepNumber) of "
            + checkpoint.episode)
      }
    }
    try await global.withMemory(creating: false) { try await $0.deleteCheckpoint(id: id) }
    try global.output.print(["deleted": id]) { "deleted \(TerminalText.printable(id))" }
  }
}
