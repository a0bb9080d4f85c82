internal import DurableStore
internal import Embedders
public import Episodes

extension Memory {
  /// Makes a playbook for a task: ordered steps, pitfalls, when to apply it and when not, from the patterns
  /// recommended for the task, the episodes behind them, and the completed episodes most like it.
  ///
  /// The patterns count as recommended under the playbook's id, so that ``recordFeedback(_:on:in:)`` takes it.
  ///
  /// - Returns: nil when nothing is known that helps: nothing like the task by ``PatternRequest/likenessMin``.
  /// - Throws: ``EngramError`` as ``searchPatterns(_:)``.
  public func playbook(
    _ request: PatternRequest
  ) async throws(EngramError) -> Playbook? {
    let recommendation = try await recommendation(for: request)
    let playbook = try await engramErrors {
      // Whatever is like the task counts; what is far from it would only add steps of other tasks.
      let episodes = try await episodes(like: request, behind: recommendation.patterns)
      noteAccesses(episodes.lazy.map(\.0.id))
      return PlaybookSynthesis.playbook(
        for: request.text, context: request.context, patterns: recommendation.patterns,
        episodes: episodes.map(\.0),
        likeness: Dictionary(
          episodes.map { ($0.id, $1) }, uniquingKeysWith: { first, _ in first }),
        id: recommendation.id)
    }
    if playbook != nil { try await remember(recommendation, for: request) }
    return playbook
  }

  /// The completed episodes that are like a task, and how like: the likest, and the latest behind the best patterns.
  private func episodes(
    like request: PatternRequest, behind patterns: [RankedPattern]
  ) async throws -> [(Episode, Double)] {
    let embedder = try currentEmbedder()
    let question = try likenessQuestion(
      request, vector: try await embedder.embed(request.text), model: embedder.model)
    var episodes = Array(
      try await likeEpisodes(question, besides: request.episodeID).prefix(Self.playbookEpisodesMax))
    let known = Set(episodes.map(\.id))
    let ids = patterns.prefix(3).flatMap { $0.pattern.evidence.suffix(4) }.uniqued()
      .filter { !known.contains($0) && $0 != request.episodeID }
    episodes += try await store.episodes(ids: ids)
    let likenesses = try await likenesses(ofEpisodes: Set(episodes.map(\.id)), to: question)
    return episodes.filter { $0.outcome != nil }.compactMap { episode in
      likenesses[episode.id].flatMap { $0 >= request.likenessMin ? (episode, $0) : nil }
    }
  }

  private static let playbookEpisodesMax = 8
}
