internal import Episodes
internal import Logging

/// What all sessions of the model context protocol share: the memory, the limits, the watch on changes.
///
/// The protocol's core: it knows no transport. Each client has an ``MCPSession``.
public final class MCPServer: Sendable {
  /// The memory behind the tools.
  public let gate: MemoryGate
  package let version: String
  /// The only namespace that clients read and write; nil for all.
  package let namespace: String?
  /// Where clients may have backups made; nil for nowhere.
  private let backupFolder: String?
  /// Builds of the index that clients have begun; to be stopped before the memory is closed.
  package let builds = IndexBuilds()
  let limits: MCPLimits
  let limiter: Limiter
  let watcher: ChangeWatcher
  let logger = Logger(label: "engram.mcp")

  /// - Parameters:
  ///   - gate: the memory; requests open it when it is not.
  ///   - version: of the program, for clients to show.
  ///   - namespace: the default of all tools, resources and prompts, which show and change nothing else; nil for
  ///     all namespaces.
  ///   - backupFolder: the folder, from the root, that clients may have backups made in; nil for none.
  public init(
    gate: MemoryGate, version: String, namespace: String? = nil, backupFolder: String? = nil,
    limits: MCPLimits = MCPLimits()
  ) {
    self.backupFolder = backupFolder
    self.gate = gate
    self.version = version
    self.namespace = namespace
    self.limits = limits
    limiter = Limiter(count: limits.workingMax)
    watcher = ChangeWatcher(gate: gate, interval: .milliseconds(limits.watchMilliseconds))
  }

  /// The versions of the protocol that are spoken.
  package static let versions = Set(ProtocolVersion.allCases.map(\.rawValue))
  /// Those in which each request is its own.
  package static let statelessVersions = Set(ProtocolVersion.stateless.map(\.rawValue))

  var info: JSONValue {
    ["name": "engram", "title": "Engram", "version": .string(version)]
  }

  /// What a tool that is called from elsewhere than a session has to do with.
  package func call() -> ToolCall { call(ProgressReporter(token: nil) { _ in }) }

  func call(_ progress: ProgressReporter) -> ToolCall {
    ToolCall(
      gate: gate, limiter: limiter, namespace: namespace, backupFolder: backupFolder,
      builds: builds, progress: progress)
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
