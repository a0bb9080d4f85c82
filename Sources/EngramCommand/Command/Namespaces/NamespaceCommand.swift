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
