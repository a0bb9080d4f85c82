internal import ArgumentParser

/// `engram mcp`: the door for agents.
struct MCPCommand: AsyncParsableCommand {
  // An option of this command would be taken from those below it: serving is a command of its own.
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Serve the memory to an agent over the model context protocol.",
    discussion: """
      Without a subcommand it serves, as 'engram mcp serve' does.

      EXAMPLES
        engram mcp install --host claude-code
        claude mcp add --transport stdio engram -- engram mcp
        engram mcp --home ~/project/memory
      """,
    subcommands: [MCPServeCommand.self, MCPInstallCommand.self],
    defaultSubcommand: MCPServeCommand.self)
}
