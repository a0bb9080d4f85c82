internal import Engram
package import Episodes

// A server that is bound to a namespace neither shows nor changes what is in others.
extension ToolCall {
  /// The arguments, with the namespace to which the server is bound.
  ///
  /// - Throws: ``ToolInputError`` where another one is named.
  func bound(
    _ arguments: [String: JSONValue], of tool: Tool
  ) throws(ToolInputError) -> [String: JSONValue] {
    guard let namespace, tool.input.all.contains(where: { $0.name == "namespace" }) else {
      return arguments
    }
    if let named = arguments["namespace"], !named.isNull, named != .string(namespace) {
      throw Self.otherNamespace(
        named.text.map { "'\($0)'" } ?? named.kindDescription, namespace)
    }
    return arguments.merging(["namespace": .string(namespace)]) { $1 }
  }

  /// The namespace of which a prompt speaks.
  ///
  /// - Throws: ``ToolInputError`` where it is not that to which the server is bound.
  func namespace(named: String?) throws(ToolInputError) -> String {
    guard let namespace else { return named ?? Episode.defaultNamespace }
    if let named, named != namespace { throw Self.otherNamespace("'\(named)'", namespace) }
    return namespace
  }

  private static func otherNamespace(_ named: String, _ bound: String) -> ToolInputError {
    ToolInputError(
      path: "namespace", problem: "is \(named)",
      advice: "expected '\(bound)', to which this server is bound, or none")
  }

  /// Checks that the episodes and patterns that arguments name are there, and may be seen.
  ///
  /// - Throws: `EngramError` with code `notFound` that names the argument.
  func checkEpisodes(named arguments: JSONValue) async throws {
    let fields = arguments.fields ?? [:]
    if let id = fields["episodeID"]?.text { _ = try await existing(id) }
    guard let namespace else { return }
    let others = (fields["episodeIDs"]?.values ?? []) + [fields["supersededBy"]].compactMap(\.self)
    let memory = try await memory()
    for id in others.compactMap(\.text) {
      if let episode = try await memory.episode(id: id), episode.namespace != namespace {
        throw EngramError(code: .notFound, message: "there is no episode '\(id)'")
      }
    }
    if let id = fields["patternID"]?.text, let pattern = try await memory.pattern(id: id),
      pattern.namespace != namespace
    {
      throw EngramError(code: .notFound, message: "patternID: there is no pattern '\(id)'")
    }
  }

  /// The episode with this id.
  ///
  /// - Throws: `EngramError` with code `notFound`.
  package func existing(_ id: String) async throws -> Episode {
    let episode = try await memory().episode(id: id)
    guard let episode, namespace == nil || episode.namespace == namespace else {
      throw EngramError(
        code: .notFound,
        message: "episodeID: there is no episode '\(id)'; expected one that a search or a "
          + "list names")
    }
    return episode
  }
}
