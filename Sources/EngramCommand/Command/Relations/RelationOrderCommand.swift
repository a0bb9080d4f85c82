internal import ArgumentParser
internal import Engram
internal import Episodes

struct RelationOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order",
    abstract: "Print episodes in the order they depend on one another, what comes first first.",
    discussion: """
      EXAMPLES
        engram relation order --kind dependsOn
      """)

  @Argument(help: "Ids of episodes of one namespace. Default: all of it that are linked.")
  var ids: [String] = []

  @Option(help: "The kind of link: dependsOn, blocks or parentChild.")
  var kind: RelationshipKind = .dependsOn

  @OptionGroup var place: NamespaceOptions

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let order = try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      let namespace = try await place.name(ofEpisode: ids.first, in: memory)
      return try await memory.topologicalOrder(
        of: ids.isEmpty ? nil : ids, namespace: namespace, kind: kind)
    }
    try global.output.print(order) {
      if order.isEmpty { return "no relationship" }
      var table = TextTable(["", "episode", "outcome", "task"], right: [0])
      for (index, node) in order.enumerated() {
        table.append([
          "\(index + 1)", node.id, node.outcome?.rawValue ?? "unfinished",
          UpkeepText.short(node.title, columns: 50),
        ])
      }
      return table.fitted
    }
  }
}
