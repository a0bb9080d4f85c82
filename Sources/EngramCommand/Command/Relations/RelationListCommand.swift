internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct RelationListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the links of an episode or of a namespace, oldest first.",
    discussion: """
      EXAMPLES
        engram relation list DEPLOY --direction outgoing
      """)

  @Argument(help: "The id of the episode. Default: all of the namespace.")
  var id: String?

  @Option(help: "Only links of this kind.")
  var kind: RelationshipKind?

  @Option(help: "The links of an episode that are meant: outgoing, incoming or both.")
  var direction: DirectionName = .both

  @OptionGroup var place: NamespaceOptions

  @Option(help: "The most links of a namespace, at least 1.")
  var limit = 1000

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...1_000_000))
  }

  func run() async throws {
    let found = try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      if let id {
        try await place.check(id, in: memory)
        return try await memory.relationships(
          of: id, direction: direction.direction, kind: kind)
      }
      return try await memory.relationships(inNamespace: place.name(), kind: kind, limit: limit)
    }
    try global.output.print(found) {
      if found.isEmpty { return "no relationship" }
      var table = TextTable(
        ["relationship", "from", "kind", "to", "priority", "reason"], right: [4])
      for link in found {
        table.append([
          link.id, UpkeepText.short(link.from, columns: 36), link.kind.rawValue,
          UpkeepText.short(link.to, columns: 36), link.priority.map(String.init) ?? "",
          UpkeepText.short(link.reason ?? "", columns: 30),
        ])
      }
      return table.fitted
    }
  }
}
