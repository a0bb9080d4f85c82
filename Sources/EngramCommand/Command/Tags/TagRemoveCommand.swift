internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct TagRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take tags from an episode, from its context as well.",
    discussion: """
      EXAMPLES
        engram tag remove ID flaky
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Argument(help: "The tags.")
  var tags: [String]

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let tags = try tags.map { try Tag($0) }
    let episode = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await place.check(id, in: memory)
      return try await memory.removeTags(tags, from: id)
    }
    try global.output.print(episode) { episode.tags.map(\.name).joined(separator: " ") }
  }
}
