internal import ArgumentParser
internal import Engram
internal import Episodes

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

  @OptionGroup var filters: FilterOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 to 10000")
    }
  }

  func run() async throws {
    let filter = try filters.filter()
    let page = try await global.withMemory(shardOf: try filters.scope.namespace(), creating: false)
    {
      try await $0.episodes(matching: filter, limit: limit, after: after)
    }
    if page.isPartial {
      Terminal.writeLine(
        "engram: the durable store is away; only episodes in the cache are listed")
    }
    let nothing = try filters.nothing("no episode matches")
    try global.output.print(page) {
      var lines = page.episodes.map { EpisodeText.row($0, columns: Terminal.outputColumns) }
      if lines.isEmpty { lines.append(nothing) }
      if let next = page.next { lines.append("more: --after \(next)") }
      return lines.joined(separator: "\n")
    }
  }
}
