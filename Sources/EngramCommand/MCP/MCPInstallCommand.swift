internal import ArgumentParser
internal import Foundation

/// `engram mcp install`: has a host of agents start the server.
struct MCPInstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Tell an agent's host of the server: writes the host's configuration.",
    discussion: """
      Shows what it changes in the file. All else in it stays as it is, comments too; a file that cannot be \
      read is refused, and never written. Doing it again changes nothing. For a user the variables of the \
      environment that settings have (ENGRAM_MODEL_DIR and others) are written too, since hosts often start \
      without them.

      EXAMPLES
        engram mcp install --host claude-code --dry-run
        engram mcp install --host cursor --scope project
        engram mcp install --host codex --home ~/project/memory
      """)

  @Option(help: "Which host.")
  var host: MCPHost

  @OptionGroup
  var options: InstallOptions

  @OptionGroup
  var location: HomeOptions

  @Option(help: "The only namespace that the agent reads and writes. Default: all of them.")
  var namespace: String?

  func validate() throws {
    try NamespaceArgument.check(namespace)
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var arguments = ["mcp"] + (try location.arguments(in: environment))
    if let namespace { arguments += ["--namespace", namespace] }
    let program = options.program(environment)
    if MCPProgram.path(of: program, environment: environment) == nil {
      Terminal.writeLine(
        "engram: '\(TerminalText.printable(program))' is not found, or is no program; \(host.name) cannot "
          + "start it")
    }
    let entry = MCPServerEntry(
      command: program, arguments: arguments,
      environment: options.scope == .user
        ? MCPProgram.variables(of: environment, without: location.values) : [:])
    let path = try host.configurationPath(options.scope, environment: environment)
    let file = try HostConfigurationFile(path: path)
    let changed = try file.adding(entry, for: host)
    guard changed != file.text else {
      return try StandardOutput.printLine("\(path) has the server already")
    }
    try StandardOutput.printLine(
      LineDifference.unified(
        from: file.text ?? "", to: changed, name: path, isNew: file.text == nil))
    if options.dryRun { return }
    try file.write(changed)
    Terminal.writeLine("wrote \(path); start \(host.name) anew to use it")
  }
}
