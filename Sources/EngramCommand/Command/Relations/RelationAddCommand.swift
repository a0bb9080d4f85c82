internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct RelationAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Link an episode to another; prints the id of the link.",
    discussion: """
      EXAMPLES
        engram relation add DEPLOY BUILD --kind dependsOn --reason "needs the artifact"
      """)

  @Argument(help: "The episode it starts from: that depends, blocks, follows, or is the parent.")
  var from: String

  @Argument(help: "The episode it leads to.")
  var to: String

  @Option(help: "The kind of link.")
  var kind: RelationshipKind

  @Option(help: "Why they are linked.")
  var reason: String?

  @Option(help: "A number to sort by.")
  var priority: Int?

  @OptionGroup var place: NamespaceOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let made = try await global.withMemory(shardOf: try place.name(), creating: false) { memory in
      try await place.check(from, to, in: memory)
      return try await memory.relate(from, to: to, kind: kind, reason: reason, priority: priority)
    }
    try global.output.print(made) { made.id }
  }
}
