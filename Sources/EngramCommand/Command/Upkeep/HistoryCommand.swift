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

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let history = try await global.withMemory(shardOf: try place.name(), creating: false) {
      memory in
      try await place.check(id, in: memory)
      return try await memory.history(of: id)
    }
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
