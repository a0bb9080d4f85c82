internal import ArgumentParser
internal import Engram
internal import Episodes

struct EpisodeSupersedeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supersede",
    abstract: "Say that an episode replaces another, which is kept.",
    discussion: """
      The old one names its successor and is valid until now; the new one is valid from then on, unless it says \
      since when. Searches find both; with --current only the new one.

      EXAMPLES
        engram episode supersede OLD NEW
        engram episode supersede OLD NEW --at 2026-03-02
      """)

  @Argument(help: "The episode that is replaced.")
  var old: String

  @Argument(help: "The episode that replaces it.")
  var new: String

  @Option(
    help: "Until when the old one was valid: 2026-03-02, a full time, or 7d, 12h. Default: now.")
  var at: String?

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    _ = try at.map { try TimeArgument.parse($0, option: "--at", now: .now) }
  }

  func run() async throws {
    let time = try at.map { try TimeArgument.parse($0, option: "--at", now: .now) }
    let episode = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await place.check(old, new, in: memory)
      return try await memory.supersede(old, by: new, at: time)
    }
    try global.output.print(episode) {
      TerminalText.printable("\(old) is superseded by \(episode.supersededBy ?? new)")
    }
  }
}
