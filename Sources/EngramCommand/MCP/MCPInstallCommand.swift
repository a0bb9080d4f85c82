internal import ArgumentParser
internal import Engram
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

  @Option(help: "user: for all projects of this user; project: for the one in the working folder.")
  var scope: MCPHost.Scope = .user

  @Flag(help: "Only show what would be changed.")
  var dryRun = false

  @OptionGroup var location: HomeOptions

  @Option(help: "The only namespace that the agent reads and writes. Default: all of them.")
  var namespace: String?

  @Option(
    help: ArgumentHelp(
      "The program that the host is to start. Default: this one; for a project 'engram', if that is found.",
      valueName: "path"))
  var command: String?

  func validate() throws {
    try NamespaceArgument.check(namespace)
    if command?.isEmpty ?? false {
      throw ArgumentParser.ValidationError("--command is empty; expected a program")
    }
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var arguments = ["mcp"]
    arguments += try location.arguments(in: environment)
    if let namespace { arguments += ["--namespace", namespace] }
    let program = command ?? MCPProgram.usual(for: scope, environment: environment)
    if MCPProgram.path(of: program, environment: environment) == nil {
      Terminal.writeLine(
        "engram: '\(TerminalText.printable(program))' is not found, or is no program; \(host.name) cannot "
          + "start it")
    }
    let entry = MCPServerEntry(
      command: program, arguments: arguments,
      environment: scope == .user
        ? MCPProgram.variables(of: environment, without: location.values) : [:])
    let path = try host.configurationPath(scope, environment: environment)
    let file = try HostConfigurationFile(path: path)
    let changed = try file.adding(entry, for: host)
    guard changed != file.text else {
      return try StandardOutput.printLine("\(path) has the server already")
    }
    try StandardOutput.printLine(
      LineDifference.unified(
        from: file.text ?? "", to: changed, name: path, isNew: file.text == nil))
    if dryRun { return }
    try file.write(changed)
    Terminal.writeLine("wrote \(path); start \(host.name) anew to use it")
  }
}
