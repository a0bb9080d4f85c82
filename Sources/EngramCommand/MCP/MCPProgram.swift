internal import Engram
internal import Foundation

/// The program that a host starts, and what is set for it.
enum MCPProgram {
  /// What is written where nothing else is told: this program for a user, whose host may not look where the shell
  /// does; for a project, whose file others have too, its name, if that is found.
  static func usual(for scope: MCPHost.Scope, environment: [String: String]) -> String {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    if scope == .project, path(of: "engram", environment: environment) != nil { return "engram" }
    return own == "/proc/self/exe" ? "engram" : own
  }

  /// Where a program is that can be run; nil where there is none.
  static func path(of program: String, environment: [String: String]) -> String? {
    func isProgram(_ path: String) -> Bool {
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        && access(path, X_OK) == 0
    }
    if program.contains("/") { return isProgram(program) ? program : nil }
    return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first(where: isProgram)
  }

  /// The variables of settings that are set now; never a secret, and none of a server over HTTP.
  ///
  /// - Parameter options: what options say, by the names of settings: no variable is needed for it.
  static func variables(
    of environment: [String: String], without options: [String: String]
  ) -> [String: String] {
    var variables: [String: String] = [:]
    for key in SettingKey.all
    where !key.isSecret && !key.name.hasPrefix("http.") && options[key.name] == nil {
      guard let value = environment[key.variable], !value.isEmpty else { continue }
      switch key.name {
      // Relative to where it was typed, which the host is not.
      case SettingKey.home.name, SettingKey.modelFolder.name, SettingKey.authTokenFile.name:
        let path = UserPath.expanded(value, environment: environment)
        variables[key.variable] = Home(path: path).path
      default: variables[key.variable] = value
      }
    }
    return variables
  }
}
