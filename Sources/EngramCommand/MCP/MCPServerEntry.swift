/// How a host starts the server.
struct MCPServerEntry: Hashable, Sendable {
  /// The name of the server in a host's configuration.
  static let name = "engram"

  var command: String
  var arguments: [String]
  /// Variables that the host sets for it; those that are there beside them stay.
  var environment: [String: String] = [:]
}
