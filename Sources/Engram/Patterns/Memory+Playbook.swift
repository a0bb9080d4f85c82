internal import DurableStore
internal import Embedders
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
    var recommendation = try await recommendation(for: request)
    // What is not shown was not recommended.
    recommendation.patterns = recommendation.patterns.filter {
      $0.score.semantic >= Self.likenessMin
    }
    let (id, patterns) = (recommendation.id, recommendation.patterns)
    let like = try await search(
      SearchRequest(
        request.text, limit: Self.likeEpisodesMax,
        filter: EpisodeFilter(namespace: request.namespace, isCurrent: true)))
    let playbook = try await engramErrors {
      // Whatever is like the task counts; what is far from it would only add steps of other tasks.
      var episodes = like.hits.map { ($0.episode, $0.similarity) }
      episodes += try await evidence(of: patterns, for: request, besides: episodes.map(\.0.id))
      episodes = episodes.filter { $0.outcome != nil && $1 >= Self.likenessMin }
      return PlaybookSynthesis.playbook(
        for: request.text, context: request.context, patterns: patterns,
        episodes: episodes.map(\.0),
        likeness: Dictionary(
          episodes.map { ($0.id, $1) }, uniquingKeysWith: { first, _ in first }),
        id: id)
    }
    if playbook != nil { try await remember(recommendation, for: request) }
    return playbook
  }

  /// The latest episodes behind the best patterns, and how similar each is to the task.
  private func evidence(
    of patterns: [RankedPattern], for request: PatternRequest, besides known: [String]
  ) async throws -> [(Episode, Double)] {
    let known = Set(known)
    let ids = patterns.prefix(3).flatMap { $0.pattern.evidence.suffix(4) }.uniqued()
      .filter { !known.contains($0) }
    let episodes = try await store.episodes(ids: ids).filter {
      $0.namespace == request.namespace && $0.supersededBy == nil
    }
    if episodes.isEmpty { return [] }
    let embedder = try currentEmbedder()
    let task = try await embedder.embed(request.text)
    var found: [(Episode, Double)] = []
    for episode in episodes {
      let likeness = try await store.embeddings(ofEpisode: episode.id).map(\.embedding)
        .filter { $0.model == embedder.model && $0.dimension == task.count }
        .map { zip($0.vector, task).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
        .max()
      found.append((episode, likeness ?? 0))
    }
    return found
  }

  private static let likeEpisodesMax = 8
  /// The least cosine similarity to a task of what a playbook is made of. Sentences that have nothing to do
  /// with each other are below 0.2 with the models in use.
  static let likenessMin = 0.2
}
