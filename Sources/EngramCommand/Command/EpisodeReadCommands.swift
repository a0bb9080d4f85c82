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

  @Option(help: "Only if it is of this namespace.")
  var namespace: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let found = try await global.withMemory(creating: false) { memory in
      if let namespace { return try await memory.episode(id: id, namespace: namespace) }
      return try await memory.episode(id: id)
    }
    guard let found else {
      let place = namespace.map { " in namespace '\($0)'" } ?? ""
      throw CommandFailure("there is no episode '\(id)'" + place)
    }
    try global.output.print(found) { EpisodeText.full(found) }
  }
}

struct EpisodeListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List episodes, latest start first.",
    discussion: """
      Where the durable store is away the episodes in the cache are listed; a line on standard error says \
      so, and with --format json isPartial.

      EXAMPLES
        engram episode list --limit 20
        engram episode list --domain ci --outcome failure --since 30d
        engram episode list --unfinished --agent ann
      """)

  @Option(help: "The most episodes to print, 1 to 10000.")
  var limit = 50

  @Option(help: "Where to go on: the cursor that the page before ended with.")
  var after: String?

  @Flag(help: "Only episodes that have not ended; 'engram resume' goes on with one.")
  var unfinished = false

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 to 10000")
    }
  }

  func run() async throws {
    var filter = try filters.filter()
    if unfinished { filter.isFinished = false }
    let page = try await global.withMemory(creating: false) {
      try await $0.episodes(matching: filter, limit: limit, after: after)
    }
    if page.isPartial {
      Terminal.writeLine(
        "engram: the durable store is away; only episodes in the cache are listed")
    }
    try global.output.print(page) {
      var lines = page.episodes.map(EpisodeText.row)
      if lines.isEmpty { lines.append("no episode matches") }
      if let next = page.next { lines.append("more: --after \(next)") }
      return lines.joined(separator: "\n")
    }
  }
}

struct EpisodeDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete an episode with everything that belongs to it.",
    discussion: """
      EXAMPLES
        engram episode delete ID
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withMemory(creating: false) { try await $0.deleteEpisode(id) }
    try global.output.print(["deleted": id]) { "deleted \(id)" }
  }
}
