internal import ArgumentParser
internal import Engram
internal import Episodes

struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Print which episodes replaced one another, the first of all first.",
    discussion: """
      'engram episode supersede' says that an episode replaces another. --as-of on searches and listings shows \
      what was valid at a time, --current what nothing has replaced.

      EXAMPLES
        engram history ID
        engram history ID --format json
      """)

  @Argument(help: "The id of an episode of the history.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let history = try await global.withMemory(creating: false) { try await $0.history(of: id) }
    try global.output.print(history) {
      var table = TextTable(["", "episode", "valid from", "valid until", "superseded by", "task"])
      for episode in history {
        table.append([
          episode.id == id ? "*" : "", episode.id,
          episode.validFrom.map { String($0.description.prefix(19)) } ?? "–",
          episode.validUntil.map { String($0.description.prefix(19)) } ?? "–",
          episode.supersededBy ?? "–", UpkeepText.short(episode.taskDescription, columns: 40),
        ])
      }
      return table.fitted
    }
  }
}

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

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let time = try at.map { try TimeArgument.parse($0, option: "--at", now: .now) }
    let episode = try await global.withMemory(creating: false) {
      try await $0.supersede(old, by: new, at: time)
    }
    try global.output.print(episode) {
      TerminalText.printable("\(old) is superseded by \(episode.supersededBy ?? new)")
    }
  }
}
