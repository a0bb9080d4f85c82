internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct RelationRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take a link away; the episodes stay.",
    discussion: """
      EXAMPLES
        engram relation remove RELATION --dry-run
        engram relation remove RELATION
      """)

  @Argument(help: "The id of the link.")
  var id: String

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    if dryRun {
      let link = try await global.withMemory(creating: false) {
        try await $0.relationship(id: id)
      }
      guard let link else { throw CommandFailure("there is no relationship '\(id)'") }
      return try global.output.print(link) {
        TerminalText.printable(
          "would remove \(id): \(link.from) \(link.kind.rawValue) \(link.to)")
      }
    }
    try await global.withMemory(creating: false) { try await $0.unrelate(id: id) }
    try global.output.print(["removed": id]) { "removed \(TerminalText.printable(id))" }
  }
}
