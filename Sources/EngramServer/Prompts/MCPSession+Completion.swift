internal import DurableStore
internal import Engram
internal import Episodes

extension MCPSession {
  private static let valuesMax = 100
  /// The latest episodes, among which ids and domains are looked for.
  private static let episodesMax = 500

  /// Values that begin with what has been typed of an argument.
  func completeArgument(
    _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    let reference = try context.object("ref", params)
    let argument = try context.object("argument", params)
    let name = try context.text("name", argument)
    let typed = try context.text("value", argument)
    let found: [String]
    switch try context.text("type", reference) {
    case "ref/prompt":
      let prompt = try Self.prompt(try context.text("name", reference))
      guard prompt.arguments.contains(where: { $0.name == name }) else {
        throw RPCError.invalidParams(
          "argument.name", "is no argument of \(prompt.name)",
          expected: prompt.arguments.map(\.name).joined(separator: ", "))
      }
      found = try await values(of: name)
    case "ref/resource":
      let template = try context.text("uri", reference)
      guard name == "id" else {
        throw RPCError.invalidParams("argument.name", "is '\(name)'", expected: "id")
      }
      switch template {
      case ResourceURI.episodeTemplate: found = try await values(of: "episodeID")
      case ResourceURI.patternTemplate:
        found = try await server.gate.memory().patterns(
          namespace: server.namespace, limit: Self.episodesMax
        ).map(\.id)
      default:
        throw RPCError.invalidParams(
          "ref.uri", "is '\(template)'",
          expected: "\(ResourceURI.episodeTemplate) or \(ResourceURI.patternTemplate)")
      }
    case let other:
      throw RPCError.invalidParams(
        "ref.type", "is '\(other)'", expected: "ref/prompt or ref/resource")
    }
    let matching = found.filter { $0.hasPrefix(typed) }
    return [
      "completion": [
        "values": .array(matching.prefix(Self.valuesMax).map(JSONValue.string)),
        "total": .integer(Int64(matching.count)),
        "hasMore": .bool(matching.count > Self.valuesMax),
      ]
    ]
  }

  private func values(of argument: String) async throws -> [String] {
    if argument == "namespace" {
      if let namespace = server.namespace { return [namespace] }
      return try await server.gate.memory().namespaces().map(\.namespace)
    }
    guard argument == "episodeID" || argument == "domain" else { return [] }
    let episodes = try await server.gate.memory().episodes(
      matching: EpisodeFilter(namespace: server.namespace), limit: Self.episodesMax
    ).episodes
    if argument == "episodeID" { return episodes.map(\.id) }
    return Set(episodes.map(\.context.domain)).sorted()
  }
}
