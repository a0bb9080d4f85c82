internal import DurableStore
public import Episodes

extension Memory {
  /// Makes a playbook for a task: ordered steps, pitfalls, when to apply it and when not, from the patterns
  /// recommended for the task, the episodes behind them, and the completed episodes most like it.
  ///
  /// The patterns count as recommended under the playbook's id, so that ``recordFeedback(_:on:in:)`` takes it.
  ///
  /// - Returns: nil when nothing is known that helps.
  /// - Throws: ``EngramError`` as ``searchPatterns(_:)``.
  public func playbook(
    _ request: PatternRequest
  ) async throws(EngramError) -> Playbook? {
    let recommendation = try await recommendation(for: request)
    let like = try await search(
      SearchRequest(
        request.text, limit: Self.likeEpisodesMax,
        filter: EpisodeFilter(namespace: request.namespace)))
    let playbook = try await engramErrors {
      // Whatever is like the task counts; what is far from it would only add steps of other tasks.
      var episodes = like.hits.filter {
        $0.episode.outcome != nil && $0.similarity >= Self.likenessMin
      }.map(\.episode)
      let patterns = recommendation.patterns.filter {
        $0.score.semantic >= Self.likenessMin
      }
      var known = Set(episodes.map(\.id))
      let evidence = patterns.prefix(3).flatMap { $0.pattern.evidence.suffix(4) }
        .filter { known.insert($0).inserted }
      episodes += try await store.episodes(ids: evidence).filter {
        $0.namespace == request.namespace
      }
      return PlaybookSynthesis.playbook(
        for: request.text, context: request.context, patterns: patterns, episodes: episodes,
        id: recommendation.id)
    }
    if playbook != nil { try await remember(recommendation, for: request) }
    return playbook
  }

  private static let likeEpisodesMax = 8
  /// The least cosine similarity to a task of what a playbook is made of. Sentences that have nothing to do
  /// with each other are below 0.2 with the models in use.
  static let likenessMin = 0.2
}
