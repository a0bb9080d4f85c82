internal import Foundation

/// The hosts of agents: whether those that name the server can start it.
enum HostCheck {
  static func findings(environment: [String: String]) -> [DoctorFinding] {
    var findings: [DoctorFinding] = []
    for host in MCPHost.allCases {
      for scope in MCPHost.Scope.allCases {
        guard let path = try? host.configurationPath(scope, environment: environment) else {
          continue
        }
        findings += finding(host, scope, path: path, environment: environment).map { [$0] } ?? []
      }
    }
    if findings.isEmpty {
      return [.ok("agents", "no host names the server; 'engram mcp install' does it")]
    }
    return findings
  }

  /// Nil for a host that does not name it.
  private static func finding(
    _ host: MCPHost, _ scope: MCPHost.Scope, path: String, environment: [String: String]
  ) -> DoctorFinding? {
    let command =
      "'engram mcp install --host \(host.rawValue)"
      + (scope == .project ? " --scope project'" : "'")
    do {
      guard let entry = try HostConfigurationFile(path: path).entry(for: host) else { return nil }
      guard MCPProgram.path(of: entry.command, environment: environment) != nil else {
        return .problem(
          "agents", "\(host.name) cannot start '\(entry.command)' (\(path))", mend: command)
      }
      if let home = value(of: "--home", in: entry.arguments), !home.hasPrefix("/") {
        return .warning(
          "agents", "\(host.name) has the home '\(home)', which depends on its folder (\(path))",
          mend: command + " with --home and a whole path")
      }
      return .ok("agents", "\(host.name) starts \(entry.command) (\(path))")
    } catch {
      return .warning("agents", "\(error)", mend: "correct it; \(host.name) may not read it either")
    }
  }

  private static func value(of option: String, in arguments: [String]) -> String? {
    arguments.firstIndex(of: option).flatMap { index in
      index + 1 < arguments.count ? arguments[index + 1] : nil
    }
  }
}
