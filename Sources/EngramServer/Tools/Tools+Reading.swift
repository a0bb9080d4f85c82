internal import Engram
internal import Episodes

extension Tools {
  static let searchMemory = Tool(
    "search_memory", title: "Search the memory",
    summary:
      "Use before a task, and when something fails: finds past episodes like it, by meaning and words.",
    input: [
      .required("query", .text, "What to look for, in plain words; nothing in it is an operator."),
      .optional("limit", .count(1...100), "The most episodes to return; 5 by default."),
      .optional(
        "mode", .choice(RetrievalMode.allCases.map(\.rawValue)),
        "hybrid (default): meaning and words; vector: meaning alone; text: words alone."),
      .optional(
        "diversity", .number(" from 0 to 1"),
        "The less, the more unlike one another are the hits; by default they come by score alone."),
    ], filters: FilterArguments.fields,
    output: SearchOutput.fields, hints: .reads
  ) { (input: SearchInput, call: ToolCall) async throws -> SearchOutput in
    let memory = try await call.memory()
    var mode = input.mode ?? .hybrid
    var note: String?
    switch call.gate.model {
    case .ready: break
    case .loading where mode == .hybrid:
      mode = .text
      note = "the embedding model is still being loaded: found by words alone"
    case .failed(let problem) where mode == .hybrid:
      mode = .text
      note = "found by words alone, since the embedding model cannot be used: \(problem)"
    case .loading, .failed:
      if mode == .vector { try await call.gate.waitForModel() }
    }
    if case .failed = call.gate.model { call.gate.warmUp() }
    let results = try await memory.search(
      SearchRequest(
        input.query, limit: input.limit ?? 5, filter: input.filter.filter, mode: mode,
        diversity: input.diversity))
    if results.isStoreAway {
      note = [note, "the durable store is away: only episodes in the cache were searched"]
        .compactMap(\.self).joined(separator: "; ")
    }
    return SearchOutput(
      mode: mode, note: note,
      hits: results.hits.map {
        SearchOutput.Hit(
          score: $0.score, similarity: mode == .text ? nil : $0.similarity,
          isWeak: $0.isWeak ? true : nil,
          episode: EpisodeSummary($0.episode))
      })
  }

  static let getEpisode = Tool(
    "get_episode", title: "Read an episode",
    summary: "Use to read one episode whole: its steps, outcome, reward and reflection.",
    input: [.required("episodeID", .text, "The id of the episode.")],
    output: .init("an episode", [.required("episode", EpisodeShape.episode)]), hints: .reads
  ) { (input: EpisodeInput, call: ToolCall) async throws -> [String: Episode] in
    ["episode": try await call.existing(input.episodeID)]
  }

  static let listEpisodes = Tool(
    "list_episodes", title: "List episodes",
    summary:
      "Use to see what was done lately, or what is unfinished; latest start first, in pages.",
    input: [
      .optional("limit", .count(1...200), "The most episodes of a page; 20 by default."),
      .optional("cursor", .text, "The nextCursor of the page before."),
      .optional("onlyUnfinished", .flag, "Only episodes that have not ended."),
    ], filters: FilterArguments.fields,
    output: .init(
      "a page of episodes",
      [
        .required("episodes", .list(of: EpisodeSummary.shape)),
        .optional("nextCursor", .text, "Where the next page begins; left out after the last."),
        .optional("note", .text),
      ]), hints: .reads
  ) { (input: ListInput, call: ToolCall) async throws -> EpisodePageOutput in
    let memory = try await call.memory()
    var filter = input.filter.filter
    if input.onlyUnfinished ?? false { filter.isFinished = false }
    let page = try await memory.episodes(
      matching: filter, limit: input.limit ?? 20, after: input.cursor)
    return EpisodePageOutput(
      episodes: page.episodes.map(EpisodeSummary.init), nextCursor: page.next,
      note: page.isPartial
        ? "the durable store is away: only episodes in the cache are listed" : nil)
  }
}

struct EpisodeInput: Decodable {
  var episodeID: String
}

private struct SearchInput: Decodable {
  var query: String
  var limit: Int?
  var mode: RetrievalMode?
  var diversity: Double?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case query, limit, mode, diversity }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    query = try container.decode(String.self, forKey: .query)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    mode = try container.decodeIfPresent(RetrievalMode.self, forKey: .mode)
    diversity = try container.decodeIfPresent(Double.self, forKey: .diversity)
    filter = try FilterArguments(from: decoder)
  }
}

private struct ListInput: Decodable {
  var limit: Int?
  var cursor: String?
  var onlyUnfinished: Bool?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case limit, cursor, onlyUnfinished }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    cursor = try container.decodeIfPresent(String.self, forKey: .cursor)
    onlyUnfinished = try container.decodeIfPresent(Bool.self, forKey: .onlyUnfinished)
    filter = try FilterArguments(from: decoder)
  }
}

private struct EpisodePageOutput: Encodable {
  var episodes: [EpisodeSummary]
  var nextCursor: String?
  var note: String?
}
