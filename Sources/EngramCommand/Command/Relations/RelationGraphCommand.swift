internal import ArgumentParser
internal import Engram
internal import Episodes

struct RelationGraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Print the episodes that are reached from one, in Graphviz's DOT or as JSON.",
    discussion: """
      EXAMPLES
        engram relation graph DEPLOY --depth 3 | dot -Tsvg > graph.svg
      """)

  @Argument(help: "The id of the episode.")
  var id: String

  @Option(help: "Only links of this kind; can be given again.")
  var kind: [RelationshipKind] = []

  @Option(help: "Which way links are followed.")
  var direction: DirectionName = .outgoing

  @Option(help: "The most links from the episode, 0 to 1000.")
  var depth = 10

  @Option(help: "The most episodes, 1 to 100000.")
  var limit = 1000

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--depth", depth, 0...1000), ("--limit", limit, 1...100_000))
  }

  func run() async throws {
    let graph = try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      try await place.check(id, in: memory)
      return try await memory.dependencyGraph(
        from: id, kinds: kind, direction: direction.direction, depthMax: depth, nodesMax: limit)
    }
    if graph.isCutOff {
      Terminal.writeLine("engram: there are more episodes beyond --depth or --limit")
    }
    try global.output.print(graph) { graph.dot }
  }
}
