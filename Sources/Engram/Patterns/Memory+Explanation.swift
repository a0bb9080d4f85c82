public import DurableStore
internal import Embedders
public import Episodes

extension Memory {
  /// Why a pattern is believed: its counts, bounds and decay, and the episodes it comes from.
  ///
  /// - Parameters:
  ///   - question: with one, how the pattern does on it, by ``PatternWeights/recommend``.
  ///   - evidenceMax: the most episodes to name.
  /// - Throws: ``EngramError`` with code `notFound`.
  public func explainPattern(
    id: String, question: String? = nil, context: TaskContext? = nil, evidenceMax: Int = 10
  ) async throws(EngramError) -> PatternExplanation {
    try await engramErrors {
      guard let pattern = try await store.pattern(id: id) else {
        throw DurableStoreError.notFound(.pattern, id: id)
      }
      let now = configuration.now()
      var score: PatternScore?
      if let question {
        let likeness = try await likeness(of: pattern, to: question)
        score = PatternScore(
          of: pattern, likeness: likeness, context: context, weights: .recommend, at: now)
      }
      let heuristic = try await store.heuristic(id: id)
      let episodes = try await store.episodes(
        ids: Array(pattern.evidence.suffix(max(0, evidenceMax)).reversed())
      ).filter { $0.namespace == pattern.namespace }
      return PatternExplanation(
        pattern: pattern, occurrenceWilsonBound: pattern.wilsonLowerBound,
        appliedWilsonBound: pattern.effectiveness.wilsonLowerBound,
        decay: pattern.effectiveness.decay(at: now),
        effectivenessScore: pattern.effectiveness.score(at: now),
        recency: pattern.recency(at: now), score: score, heuristic: heuristic,
        evidence: episodes.map {
          PatternExplanation.Evidence(
            id: $0.id, taskDescription: $0.taskDescription, outcome: $0.outcome?.kind,
            reward: $0.reward?.total, startTime: $0.startTime)
        },
        reasons: PatternExplanation.reasons(
          pattern, heuristic: heuristic, score: score, at: now))
    }
  }

  /// When a pattern was recommended and applied, and what that did, latest first.
  ///
  /// - Throws: ``EngramError`` with code `notFound`, `storeAway`.
  /// - Complexity: reads the episodes of its namespace.
  public func patternEvents(
    id: String, limit: Int = 500
  ) async throws(EngramError) -> [PatternEvent] {
    try await engramErrors {
      guard let pattern = try await store.pattern(id: id) else {
        throw DurableStoreError.notFound(.pattern, id: id)
      }
      return try await store.events(of: pattern, limit: limit)
    }
  }

  private func likeness(of pattern: Pattern, to text: String) async throws -> Double {
    let embedder = try currentEmbedder()
    let vectors = try await embedder.embed([text, pattern.embeddedText])
    let similarity = zip(vectors[0], vectors[1]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let question = try likenessQuestion(
      PatternRequest(text, namespace: pattern.namespace), vector: vectors[0],
      model: embedder.model)
    return try await likenesses(
      of: [pattern], similarities: [pattern.id: similarity], to: question, besides: nil
    )[pattern.id] ?? 0
  }
}
