internal import ArgumentParser
internal import Engram
internal import Episodes

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

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let made = try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      try await place.check(id, in: memory)
      return try await memory.checkpoint(id, label: label, note: note)
    }
    try global.output.print(made) { made.id }
  }
}
