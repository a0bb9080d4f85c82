internal import Engram
internal import Episodes

extension Tools {
  package static let searchMemory = Tool(
    "search_memory", title: "Search the memory",
    summary:
      "Use before a task, and when something fails: finds past episodes like it, by meaning and words.",
    input: [
      .required(
        "query", .words(.max), "What to look for, in plain words; nothing in it is an operator."
      ),
      .optional("limit", .count(1...100), "The most episodes to return; 5 by default."),
      .optional(
        "mode", .choice(RetrievalMode.allCases.map(\.rawValue)),
        "hybrid (default): meaning and words; vector: meaning alone; text: words alone."),
      .optional("explain", .flag, "Also what each score is made of."),
      .optional(
        "diversity", .share,
        "1 orders hits by score alone, as by default; less prefers hits that are unlike one another."
      ),
    ], filters: FilterArguments.fields,
    output: SearchOutput.fields, hints: .reads,
    // Words are found without it.
    needsModel: .when { $0.mode == .vector }
  ) { (input: SearchInput, call: ToolCall) async throws -> SearchOutput in
    let memory = try await call.memory()
    var mode = input.mode ?? .hybrid
    var note: String?
    let model = call.gate.model
    // It may never have been begun, or have failed for a reason that is gone.
    if model != .ready { call.gate.warmUp() }
    if mode == .hybrid {
      switch model {
      case .ready: break
      case .loading: note = "the embedding model is still being loaded: found by words alone"
      case .failed(let problem):
        note = "found by words alone, since the embedding model cannot be used: \(problem)"
      }
      if note != nil { mode = .text }
    }
    if model != .ready, input.diversity != nil {
      note = [note, "diversity needs the embedding model"].compactMap(\.self)
        .joined(separator: "; ")
    }
    let results = try await memory.search(
      SearchRequest(
        input.query, limit: input.limit ?? 5, filter: try input.filter.filter(), mode: mode,
        context: input.context, weights: try input.weights(beside: memory.configuration.retrieval),
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
          parts: input.explain ?? false ? $0.parts : nil,
          episode: EpisodeSummary($0.episode))
      })
  }

  package static let getEpisode = Tool(
    "get_episode", title: "Read an episode",
    summary: "Use to read one episode whole: its steps, outcome, reward and reflection.",
    input: [.required("episodeID", .text, "The id of the episode.")],
    output: .init("an episode", [.required("episode", EpisodeShape.episode)]), hints: .reads
  ) { (input: EpisodeInput, call: ToolCall) async throws -> [String: Episode] in
    ["episode": try await call.existing(input.episodeID)]
  }

  package static let listEpisodes = Tool(
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
    var filter = try input.filter.filter()
    if input.onlyUnfinished ?? false { filter.isFinished = false }
    let page = try await memory.episodes(
      matching: filter, limit: input.limit ?? 20, after: input.cursor)
    return EpisodePageOutput(
      episodes: page.episodes.map(EpisodeSummary.init), nextCursor: page.next,
      note: page.isPartial
        ? "the durable store is away: only episodes in the cache are listed" : nil)
  }
}
