internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

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
