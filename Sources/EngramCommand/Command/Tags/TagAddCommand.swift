internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct TagAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add tags to an episode.",
    discussion: """
      EXAMPLES
        engram tag add ID flaky slow
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
      return try await memory.addTags(tags, to: id)
    }
    try global.output.print(episode) { episode.tags.map(\.name).joined(separator: " ") }
  }
}
