internal import ArgumentParser

/// A program that runs agents, and has a file that names the servers they may use.
enum MCPHost: String, CaseIterable, ExpressibleByArgument {
  case claudeCode = "claude-code"
  case cursor
  case vscode
  case codex

  /// For whom the server is configured.
  enum Scope: String, CaseIterable, ExpressibleByArgument {
    case user, project
  }

  /// As its makers spell it.
  var name: String {
    switch self {
    case .claudeCode: "Claude Code"
    case .cursor: "Cursor"
    case .vscode: "VS Code"
    case .codex: "Codex"
    }
  }

  /// The field of the file that holds the servers.
  var serversField: String {
    switch self {
    case .claudeCode, .cursor: "mcpServers"
    case .vscode: "servers"
    case .codex: "mcp_servers"
    }
  }

  /// Whether an entry says by which transport the server is reached.
  var namesTransport: Bool { self == .vscode || self == .claudeCode }

  /// The file that is written; one of a project is beside its sources, in the working folder.
  ///
  /// - Throws: ``CommandFailure`` where the environment does not say where the user's files are.
  func configurationPath(_ scope: Scope, environment: [String: String]) throws -> String {
    if scope == .project {
      return switch self {
      case .claudeCode: ".mcp.json"
      case .cursor: ".cursor/mcp.json"
      case .vscode: ".vscode/mcp.json"
      case .codex: ".codex/config.toml"
      }
    }
    func folder(_ variable: String) -> String? {
      environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let home = folder("HOME") else {
      throw CommandFailure("HOME is not set to a folder; expected the user's", status: .usage)
    }
    return switch self {
    case .claudeCode: home + "/.claude.json"
    case .cursor: home + "/.cursor/mcp.json"
    case .vscode: (folder("XDG_CONFIG_HOME") ?? home + "/.config") + "/Code/User/mcp.json"
    case .codex: (folder("CODEX_HOME") ?? home + "/.codex") + "/config.toml"
    }
  }
}
