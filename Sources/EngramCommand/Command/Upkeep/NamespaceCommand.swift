internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct NamespaceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "namespace",
    abstract: "List, rename and delete namespaces.",
    discussion: """
      EXAMPLES
        engram namespace list
        engram namespace rename team-a team-b
        engram namespace delete scratch --dry-run
      """,
    subcommands: [
      NamespaceListCommand.self, NamespaceRenameCommand.self, NamespaceDeleteCommand.self,
    ])
}

struct NamespaceListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the namespaces that have episodes.",
    discussion: """
      EXAMPLES
        engram namespace list
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let namespaces = try await global.withMemory(creating: false) { try await $0.namespaces() }
    try global.output.print(namespaces) {
      if namespaces.isEmpty { return "no namespace has episodes" }
      var table = TextTable(
        ["namespace", "episodes", "unfinished", "agents", "sessions", "first", "last"],
        right: [1, 2, 3, 4])
      for namespace in namespaces {
        table.append([
          UpkeepText.short(namespace.namespace, columns: 32), "\(namespace.episodes)",
          "\(namespace.unfinished)", "\(namespace.agents)", "\(namespace.sessions)",
          String(namespace.firstStart.description.prefix(10)),
          String(namespace.lastStart.description.prefix(10)),
        ])
      }
      return table.fitted
    }
  }
}

struct NamespaceRenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Move every episode of a namespace to another name.",
    discussion: """
      EXAMPLES
        engram namespace rename team-a team-b
        engram namespace rename scratch team-b --merge
      """)

  @Argument(help: "The namespace.")
  var old: String

  @Argument(help: "Its new name.")
  var new: String

  @Flag(help: "Into a namespace that has episodes already; also goes on with what was cut off.")
  var merge = false

  @Flag(help: "Only say how many episodes would be moved.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let count = try await global.withMemory(creating: false) {
      try await $0.renameNamespace(old, to: new, merging: merge, isDryRun: dryRun)
    }
    try global.output.print(Moved(episodes: count, dryRun: dryRun)) {
      (dryRun ? "would move " : "moved ") + UpkeepText.count(count, "episode")
    }
  }

  private struct Moved: Encodable {
    var episodes: Int
    var dryRun: Bool
  }
}

struct NamespaceDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Forget every episode of a namespace, as 'engram forget' does.",
    discussion: """
      EXAMPLES
        engram namespace delete scratch --dry-run
        engram namespace delete scratch
      """)

  @Argument(help: "The namespace.")
  var name: String

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @Flag(
    inversion: .prefixedNo,
    help: "Rewrite the store's file afterwards; 'engram store vacuum' does it later.")
  var erase = true

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) {
      try await $0.deleteNamespace(name, erasing: erase, isDryRun: dryRun)
    }
    try ForgetText.print(report, by: global.output)
  }
}
