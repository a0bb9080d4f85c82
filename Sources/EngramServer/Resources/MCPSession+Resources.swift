internal import Engram
internal import Episodes

extension MCPSession {
  private static let pageSize = 50

  /// Episodes, latest start first, then patterns in the order of their ids.
  func listResources(
    _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    var cursor: ResourceCursor?
    if let given = try context.cursor(params) {
      cursor = ResourceCursor(given)
      if cursor == nil { throw context.badCursor(given) }
    }
    let memory = try await server.gate.memory()
    if case .patterns(let last) = cursor { return try await patternPage(after: last, memory) }
    var place: String?
    if case .episodes(let after) = cursor { place = after }
    let page: EpisodeList
    do throws(EngramError) {
      page = try await memory.episodes(
        matching: EpisodeFilter(namespace: server.namespace), limit: Self.pageSize, after: place)
    } catch {
      guard error.code == .invalidInput else { throw error }
      throw context.badCursor(params["cursor"]?.text ?? "")
    }
    let resources = page.episodes.map { episode -> JSONValue in
      [
        "uri": .string(ResourceURI.episode(episode.id).description),
        "name": .string(episode.id),
        "title": .string(ShortText.line(episode.taskDescription, countMax: 120)),
        "description": .string(
          "episode · \(episode.context.domain) · "
            + (episode.outcome?.kind.rawValue ?? "unfinished")),
        "mimeType": "application/json",
      ]
    }
    let next = page.next.map { ResourceCursor.episodes(after: $0) } ?? .patterns(after: "")
    // Patterns are in the store alone.
    return page.isPartial
      ? ["resources": .array(resources)]
      : ["resources": .array(resources), "nextCursor": .string(next.text)]
  }

  private func patternPage(
    after last: String, _ memory: Memory
  ) async throws -> [String: JSONValue] {
    let patterns = try await memory.patterns(
      namespace: server.namespace, after: last, limit: Self.pageSize)
    var result: [String: JSONValue] = [
      "resources": .array(
        patterns.map { pattern in
          [
            "uri": .string(ResourceURI.pattern(pattern.id).description),
            "name": .string(pattern.id),
            "title": .string(ShortText.line(pattern.kind.summary, countMax: 120)),
            "description": .string(
              "pattern · \(pattern.kind.name.rawValue) · \(pattern.context.domain)"),
            "mimeType": "application/json",
          ]
        })
    ]
    if patterns.count == Self.pageSize, let end = patterns.last {
      result["nextCursor"] = .string(ResourceCursor.patterns(after: end.id).text)
    }
    return result
  }

  func listResourceTemplates(
    _ params: [String: JSONValue], _ context: RequestContext
  ) throws -> [String: JSONValue] {
    if let cursor = try context.cursor(params) { throw context.badCursor(cursor) }
    return [
      "resourceTemplates": [
        [
          "uriTemplate": .string(ResourceURI.episodeTemplate), "name": "episode",
          "title": "An episode",
          "description": "A task with its context, steps, outcome, reward and reflection.",
          "mimeType": "application/json",
        ],
        [
          "uriTemplate": .string(ResourceURI.patternTemplate), "name": "pattern",
          "title": "A pattern",
          "description": "What was learned from episodes, with its evidence and effectiveness.",
          "mimeType": "application/json",
        ],
      ]
    ]
  }

  func readResource(
    _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    let name = try context.text("uri", params)
    guard let uri = ResourceURI(name) else {
      throw RPCError.unknownResource(name, context.version)
    }
    let memory = try await server.gate.memory()
    let content: JSONValue?
    switch uri {
    case .episode(let id):
      let episode = try await memory.episode(id: id)
      content = try episode.flatMap { try shown($0, of: $0.namespace) }
    case .pattern(let id):
      let pattern = try await memory.pattern(id: id)
      content = try pattern.flatMap { try shown($0, of: $0.namespace) }
    }
    guard let content else { throw RPCError.unknownResource(name, context.version) }
    return [
      "contents": [
        [
          "uri": .string(uri.description), "mimeType": "application/json",
          "text": .string(JSONWriter.text(of: content)),
        ]
      ]
    ]
  }

  /// A record as JSON; nil where the server is bound to another namespace.
  private func shown(_ record: some Encodable, of namespace: String) throws -> JSONValue? {
    guard server.namespace == nil || server.namespace == namespace else { return nil }
    return try JSONValueEncoder.value(of: record)
  }
}
