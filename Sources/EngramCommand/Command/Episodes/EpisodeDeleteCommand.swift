internal import ArgumentParser
internal import Engram
internal import Episodes

struct EpisodeDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete an episode with everything that belongs to it.",
    discussion: """
      EXAMPLES
        engram episode delete ID --dry-run
        engram episode delete ID
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    if dryRun {
      let report = try await global.withMemory(shardOf: try place.name(), creating: false) {
        memory in
        try await place.check(id, in: memory)
        return try await memory.forget(ids: [id], erasing: false, isDryRun: true)
      }
      return try global.output.print(report) { ForgetText.text(of: report, verb: "delete") }
    }
    try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      try await place.check(id, in: memory)
      try await memory.deleteEpisode(id)
    }
    try global.output.print(["deleted": id]) { "deleted \(TerminalText.printable(id))" }
  }
}
