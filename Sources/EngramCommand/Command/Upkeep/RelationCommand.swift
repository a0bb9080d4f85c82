public import ArgumentParser
internal import DurableStore
internal import Engram
public import Episodes

struct RelationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relation",
    abstract: "Link episodes, and follow the links.",
    discussion: """
      Kinds: parentChild, dependsOn, blocks (these form no cycle), follows, relatedTo, duplicates, references. \
      Links lead from one episode to another of the same namespace.

      EXAMPLES
        engram relation add DEPLOY BUILD --kind dependsOn --reason "needs the artifact"
        engram relation list DEPLOY
        engram relation graph DEPLOY | dot -Tsvg > graph.svg
        engram relation order --kind dependsOn
      """,
    subcommands: [
      RelationAddCommand.self, RelationListCommand.self, RelationUpdateCommand.self,
      RelationRemoveCommand.self, RelationGraphCommand.self, RelationOrderCommand.self,
    ])
}

extension RelationshipKind: ExpressibleByArgument {}

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

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let made = try await global.withMemory(creating: false) {
      try await $0.relate(from, to: to, kind: kind, reason: reason, priority: priority)
    }
    try global.output.print(made) { made.id }
  }
}

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

  @Option(help: "The namespace, without an episode.")
  var namespace = Episode.defaultNamespace

  @Option(help: "The most links of a namespace, at least 1.")
  var limit = 1000

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    try OptionRange.check(("--limit", limit, 1...1_000_000))
  }

  func run() async throws {
    let found = try await global.withMemory(creating: false) { memory in
      if let id {
        return try await memory.relationships(
          of: id, direction: direction.direction, kind: kind)
      }
      return try await memory.relationships(inNamespace: namespace, kind: kind, limit: limit)
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

/// Which way links are followed, as typed.
enum DirectionName: String, ExpressibleByArgument, CaseIterable {
  case outgoing, incoming, both

  var direction: RelationshipDirection {
    switch self {
    case .outgoing: .outgoing
    case .incoming: .incoming
    case .both: .both
    }
  }
}

struct RelationUpdateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Change the reason or the priority of a link.",
    discussion: """
      EXAMPLES
        engram relation update RELATION --priority 2
      """)

  @Argument(help: "The id of the link.")
  var id: String

  @Option(help: "Why they are linked; empty takes it away.")
  var reason: String?

  @Option(help: "A number to sort by.")
  var priority: Int?

  @Flag(help: "Take the priority away.")
  var noPriority = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard reason != nil || priority != nil || noPriority else {
      throw ArgumentParser.ValidationError("give --reason, --priority or --no-priority")
    }
    guard priority == nil || !noPriority else {
      throw ArgumentParser.ValidationError("--priority and --no-priority exclude each other")
    }
  }

  func run() async throws {
    let updated = try await global.withMemory(creating: false) {
      try await $0.updateRelationship(
        id: id, reason: reason.map { $0.isEmpty ? .clear : .set($0) } ?? .keep,
        priority: noPriority ? .clear : priority.map { .set($0) } ?? .keep)
    }
    try global.output.print(updated) { "updated \(TerminalText.printable(id))" }
  }
}

struct RelationRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take a link away; the episodes stay.",
    discussion: """
      EXAMPLES
        engram relation remove RELATION
      """)

  @Argument(help: "The id of the link.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withMemory(creating: false) { try await $0.unrelate(id: id) }
    try global.output.print(["removed": id]) { "removed \(TerminalText.printable(id))" }
  }
}
