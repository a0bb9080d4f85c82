internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

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
