internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Store episodes from elsewhere.",
    discussion: """
      EXAMPLES
        engram import jsonl episodes.jsonl
        engram import git .
        engram import transcript --claude-code
      """,
    subcommands: [ImportJSONLCommand.self, ImportGitCommand.self, ImportTranscriptCommand.self])
}
