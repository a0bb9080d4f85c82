internal import DurableStore
internal import Embedders
internal import Episodes
internal import Platform
internal import TextSearch

extension Memory {
  /// The episodes of a namespace that answer a task best, the best first, without noting that they were read.
  ///
  /// - Parameter question: from ``likenessQuestion(_:vector:model:)``.
  func likeEpisodes(_ question: HybridQuestion, besides id: String?) async throws -> [Episode] {
    try await answer(question).map(\.episode).filter { $0.id != id }
  }

  /// The question that tells which episodes are like the task of a request.
  func likenessQuestion(
    _ request: PatternRequest, vector: [Float], model: String
  ) throws -> HybridQuestion {
    var question = try question(
      SearchRequest(
        request.text, limit: Self.likeEpisodesMax,
        filter: EpisodeFilter(namespace: request.namespace, isCurrent: true)))
    question.vector = vector
    question.model = model
    return question
  }

  private static let likeEpisodesMax = 24

  /// How like a task episodes are, by ``PatternLikeness/likeness(ofEpisode:words:)``.
  ///
  /// - Parameters:
  ///   - ids: those that are not stored are left out; those that the question's filter leaves out, as they were
  ///     superseded, are not like it at all.
  ///   - question: with a vector of the task.
  /// - Returns: by id.
  /// - Complexity: the postings of the task's words, and a vector of the cache for each part of an episode.
  func likenesses(
    ofEpisodes ids: Set<String>, to question: HybridQuestion
  ) async throws -> [String: Double] {
    guard let vector = question.vector, let model = question.model, !ids.isEmpty,
      try await hasCurrentWords()
    else { return [:] }
    let allowed = try await allowedEpisodes(matching: question.filter, model: model)
    return try retrieval.read { index in
      let documents = allowed.map { $0.documents(in: index) }
      let stored = ids.compactMap { id in index.directory.number(of: id).map { (id, $0) } }
      let numbers = stored.filter { documents?.contains($0.1) ?? true }
      let similarities = try similarities(
        of: numbers.map { index.directory.columns.embeddings[$0.1] }, to: vector, model: model,
        filling: index.filling)
      return try textScratches.withScratch { scratch throws -> [String: Double] in
        let matches = index.text.search(
          question.terms, allowed: documents, limit: 1, scratch: scratch)
        var likenesses = Dictionary(
          stored.map { ($0.0, 0.0) }, uniquingKeysWith: { first, _ in first })
        for ((id, number), similarity) in zip(numbers, similarities) {
          let score = index.text.score(of: number, in: matches, scratch: scratch)
          likenesses[id] = PatternLikeness.likeness(
            ofEpisode: similarity ?? 0,
            words: matches.idealScore > 0 ? Double(score / matches.idealScore) : 0)
        }
        return likenesses
      }
    }
  }

  /// How like a task each of some patterns is, by the latest episodes of its evidence.
  ///
  /// - Parameter similarities: of each pattern's own words, by its id.
  func likenesses(
    of patterns: [Pattern], similarities: [String: Double], to question: HybridQuestion,
    besides episodeID: String?
  ) async throws -> [String: Double] {
    func evidence(_ pattern: Pattern) -> some Sequence<String> {
      pattern.evidence.suffix(Self.evidenceMax).lazy.filter { $0 != episodeID }
    }
    let episodes = try await likenesses(
      ofEpisodes: Set(patterns.flatMap(evidence)), to: question)
    return Dictionary(
      patterns.map { pattern in
        (
          pattern.id,
          PatternLikeness.likeness(
            ofPattern: similarities[pattern.id] ?? 0,
            episode: evidence(pattern).compactMap { episodes[$0] }.max())
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Of more the latest tell what a pattern is about.
  private static let evidenceMax = 16
}
