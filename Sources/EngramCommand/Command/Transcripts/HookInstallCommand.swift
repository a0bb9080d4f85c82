internal import ArgumentParser
internal import Episodes
internal import Foundation

/// `engram hook install`: has Claude Code call the hook.
struct HookInstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Have Claude Code record its sessions: writes its settings.",
    discussion: """
      Adds the hook for the ends of answers (Stop), of sub-agents (SubagentStop) and of sessions (SessionEnd), and \
      shows what it changes. All else in the file stays as it is. Doing it again changes nothing. Other programs \
      that write transcripts are followed by 'engram watch'.

      EXAMPLES
        engram hook install --dry-run
        engram hook install --scope project
      """)

  static let events = ["Stop", "SubagentStop", "SessionEnd"]
  /// After as many seconds the program gives up on the hook.
  static let timeoutSeconds: Int64 = 60

  @OptionGroup
  var options: InstallOptions

  @OptionGroup
  var location: HomeOptions

  @Option(help: "The namespace that the hook records in.")
  var namespace: String?

  func validate() throws {
    try NamespaceArgument.check(namespace)
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var arguments = try location.arguments(in: environment)
    if let namespace { arguments += ["--namespace", namespace] }
    let hook = HookCommandText(program: options.program(environment), arguments: arguments)
    let file = try HostConfigurationFile(path: try settingsPath(environment))
    let changed: String
    do throws(ConfigurationProblem) {
      changed = try HookSettings.adding(
        hook, to: file.text ?? "", events: Self.events, timeoutSeconds: Self.timeoutSeconds)
    } catch {
      throw CommandFailure(
        "\(file.path): \(error.description); it stays as it is", status: .badData)
    }
    guard changed != file.text else {
      return try StandardOutput.printLine("\(file.path) has the hook already")
    }
    try StandardOutput.printLine(
      LineDifference.unified(
        from: file.text ?? "", to: changed, name: file.path, isNew: file.text == nil))
    if options.dryRun { return }
    try file.write(changed)
    Terminal.writeLine("wrote \(file.path); start Claude Code anew to use it")
  }

  private func settingsPath(_ environment: [String: String]) throws -> String {
    if options.scope == .project { return ".claude/settings.json" }
    if let folder = environment["CLAUDE_CONFIG_DIR"], !folder.isEmpty {
      return folder + "/settings.json"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else {
      throw CommandFailure("HOME is not set to a folder; expected the user's", status: .usage)
    }
    return home + "/.claude/settings.json"
  }
}
