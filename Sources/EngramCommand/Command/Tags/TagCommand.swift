internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct TagCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "List, rename, merge and delete tags.",
    discussion: """
      A change is made in one namespace, or with --all-namespaces in every one. What is cut off goes on when it is run again.

      EXAMPLES
        engram tag list --limit 20
        engram tag add ID flaky slow
        engram tag rename ci continuous-integration --dry-run
        engram tag merge flakey flacky --into flaky
      """,
    subcommands: [
      TagListCommand.self, TagAddCommand.self, TagRemoveCommand.self, TagRenameCommand.self,
      TagMergeCommand.self, TagDeleteCommand.self,
    ])
}
