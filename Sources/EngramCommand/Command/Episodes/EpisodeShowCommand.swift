internal import ArgumentParser
internal import Engram
internal import Episodes

struct EpisodeShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print an episode.",
    discussion: """
      EXAMPLES
        engram episode show ID
        engram episode show ID --format json
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let found = try await global.withMemory(shardOf: try place.name(), creating: false) {
      try await place.episode(id, in: $0)
    }
    try global.output.print(found) { EpisodeText.full(found, columns: Terminal.outputColumns) }
  }
}
