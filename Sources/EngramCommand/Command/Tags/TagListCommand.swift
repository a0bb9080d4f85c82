internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct TagListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List tags with their use, the most frequent first.",
    discussion: """
      EXAMPLES
        engram tag list --namespace team-a --limit 20
      """)

  @OptionGroup var place: ScopeOptions

  @Option(help: "The most tags to print, at least 1.")
  var limit = 100

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...1_000_000))
  }

  func run() async throws {
    let namespace = try place.namespace()
    let tags = try await global.withMemory(shardOf: try place.namespace(), creating: false) {
      try await $0.tags(namespace: namespace, limit: limit)
    }
    try global.output.print(tags) {
      if tags.isEmpty { return "no episode has a tag" }
      var table = TextTable(
        ["tag", "episodes", "finished", "success", "reward", "last used"], right: [1, 2, 3, 4])
      for tag in tags {
        table.append([
          UpkeepText.short(tag.tag.name, columns: 32), "\(tag.episodes)", "\(tag.finished)",
          UpkeepText.percent(tag.successRate), UpkeepText.number(tag.averageReward),
          String(tag.lastUsed.description.prefix(10)),
        ])
      }
      return table.fitted
    }
  }
}
