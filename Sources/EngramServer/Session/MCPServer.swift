internal import Episodes
internal import Logging

/// What all sessions of the model context protocol share: the memory, the limits, the watch on changes.
///
/// The protocol's core: it knows no transport. Each client has an ``MCPSession``.
public final class MCPServer: Sendable {
  /// The memory behind the tools.
  public let gate: MemoryGate
  let version: String
  let limits: MCPLimits
  let limiter: Limiter
  let watcher: ChangeWatcher
  let logger = Logger(label: "engram.mcp")

  /// - Parameters:
  ///   - gate: the memory; requests open it when it is not.
  ///   - version: of the program, for clients to show.
  public init(gate: MemoryGate, version: String, limits: MCPLimits = MCPLimits()) {
    self.gate = gate
    self.version = version
    self.limits = limits
    limiter = Limiter(count: limits.workingMax)
    watcher = ChangeWatcher(gate: gate, interval: .milliseconds(limits.watchMilliseconds))
  }

  var info: JSONValue {
    ["name": "engram", "title": "Engram", "version": .string(version)]
  }

  static let instructions = """
    Engram is your memory of past work: episodes (a task, its steps, how it ended) and patterns learned from \
    them. Before a task call search_memory or recommend. Record work with start_episode, log_steps and \
    complete_episode, or afterwards with record_episode. Say with give_feedback whether a recommendation helped.
    """

  func capabilities(_ version: ProtocolVersion) -> JSONValue {
    var capabilities: [String: JSONValue] = [
      "tools": ["listChanged": false], "prompts": ["listChanged": false],
      "resources": ["subscribe": true, "listChanged": .bool(version.isStateless)],
    ]
    if version >= .march2025 { capabilities["completions"] = [:] }
    return .object(capabilities)
  }
}
