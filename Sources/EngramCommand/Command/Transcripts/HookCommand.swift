internal import ArgumentParser

struct HookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "Record what an agent does while it does it, as a hook of its program.",
    discussion: """
      The program gives the hook a JSON object on standard input whose transcript_path names the session's \
      transcript; what is new in that is stored. 'engram hook install' has Claude Code do so.

      EXAMPLES
        engram hook install --dry-run
        engram hook install --scope project --namespace shop
      """,
    subcommands: [HookRecordCommand.self, HookInstallCommand.self],
    defaultSubcommand: HookRecordCommand.self)
}
