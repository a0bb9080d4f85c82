internal import ArgumentParser

/// What commands take that write the configuration of a program which is to call this one.
struct InstallOptions: ParsableArguments {
  @Option(help: "user: for all projects of this user; project: for the one in the working folder.")
  var scope: MCPHost.Scope = .user

  @Flag(help: "Only show what would be changed.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "The program that is to be called. Default: this one; for a project 'engram', if that is found.",
      valueName: "path"))
  var command: String?

  func validate() throws {
    if command?.isEmpty ?? false {
      throw ArgumentParser.ValidationError("--command is empty; expected a program")
    }
  }

  func program(_ environment: [String: String]) -> String {
    command ?? MCPProgram.usual(for: scope, environment: environment)
  }
}
