internal import Cache
internal import DurableStore
internal import Embedders
public import Episodes
internal import Logging

extension Memory {
  /// Finds patterns by meaning: those nearest to words, ranked by ``PatternWeights/search``.
  ///
  /// - Throws: ``EngramError``: `invalidInput` names the field; `modelMissing`, `storeAway`.
  /// - Complexity: one embedding, a pass over codes of the namespace's patterns, a search for episodes, and a
  ///   query of the store for the patterns that are ranked. The first call of a memory reads the vectors of all
  ///   patterns.
  public func searchPatterns(
    _ request: PatternRequest
  ) async throws(EngramError) -> [RankedPattern] {
    try await engramErrors {
      Array(try await ranked(request, weights: .search).prefix(request.limit))
    }
  }

  /// Recommends patterns for a task, ranked by ``PatternWeights/recommend``, and remembers that it did:
  /// ``recordFeedback(_:on:in:)`` says what became of them.
  ///
  /// ```swift
  /// let recommendation = try await memory.recommend(PatternRequest("fix the login test"))
  /// try await memory.recordFeedback(.helped, on: patternID, in: recommendation.id)
  /// ```
  ///
  /// What is less like the task than ``PatternRequest/likenessMin`` is not recommended, however well it did
  /// elsewhere. Where nothing is left, nothing is remembered, and ``Recommendation/nearest`` says what comes
  /// nearest.
  ///
  /// - Parameter remembering: whether it is noted; without, as for a measurement, no feedback can be given.
  /// - Throws: ``EngramError`` as ``searchPatterns(_:)``; `notFound` for an episode that is not stored.
  public func recommend(
    _ request: PatternRequest, remembering: Bool = true
  ) async throws(EngramError) -> Recommendation {
    let recommendation = try await recommendation(for: request)
    if remembering { try await remember(recommendation, for: request) }
    return recommendation
  }

  /// What is recommended, without remembering it.
  func recommendation(
    for request: PatternRequest
  ) async throws(EngramError) -> Recommendation {
    try await engramErrors {
      if let episodeID = request.episodeID {
        guard let namespace = try await store.namespaces(ofEpisodes: [episodeID])[episodeID] else {
          throw DurableStoreError.notFound(.episode, id: episodeID)
        }
        guard namespace == request.namespace else {
          throw ValidationError(
            field: "episodeID", problem: "'\(episodeID)' is in namespace '\(namespace)'",
            expected: "an episode of namespace '\(request.namespace)'")
        }
      }
      let ranked = try await ranked(request, weights: .recommend)
      var recommendation = Recommendation(
        id: Identifier.make(at: configuration.now()),
        patterns: Array(
          ranked.lazy.filter { $0.score.semantic >= request.likenessMin }.prefix(request.limit)))
      if recommendation.patterns.isEmpty {
        recommendation.nearest = ranked.max {
          ($0.score.semantic, $1.pattern.id) < ($1.score.semantic, $0.pattern.id)
        }
      }
      return recommendation
    }
  }

  func remember(
    _ recommendation: Recommendation, for request: PatternRequest
  ) async throws(EngramError) {
    if recommendation.patterns.isEmpty { return }
    try await engramErrors {
      try await store.insert(
        RecommendationRecord(
          id: recommendation.id, namespace: request.namespace, task: request.text,
          context: request.context, episodeID: request.episodeID, createdAt: configuration.now(),
          items: recommendation.patterns.map {
            RecommendationRecord.Item(patternID: $0.pattern.id, score: $0.score.total)
          }))
    }
    await syncAfterWrite()
  }

  /// Finds patterns of other domains that may carry over to a task, ranked by ``PatternWeights/analogous``.
  ///
  /// - Parameter request: its context names the domain that is left out.
  /// - Throws: ``EngramError`` as ``searchPatterns(_:)``; `invalidInput` without a context.
  public func analogousPatterns(
    _ request: PatternRequest
  ) async throws(EngramError) -> [RankedPattern] {
    try await engramErrors {
      guard let context = request.context else {
        throw ValidationError(
          field: "context", problem: "is missing", expected: "the domain of the task")
      }
      return Array(
        try await ranked(request, weights: .analogous, excludedDomain: context.domain)
          .prefix(request.limit))
    }
  }

  /// The patterns of a namespace that are best for a request; it is not noted that they were asked for.
  ///
  /// Those nearest in their own words, and those of the episodes most like the request.
  ///
  /// - Returns: best first; more than the request's limit.
  func ranked(
    _ request: PatternRequest, weights: PatternWeights, excludedDomain: String? = nil
  ) async throws -> [RankedPattern] {
    try request.validate()
    let weights = request.weights ?? weights
    let embedder = try currentEmbedder()
    guard
      let vectors = try await patternVectors(ofNamespace: request.namespace, by: embedder)
    else { return [] }
    let vector = try await embedder.embed(request.text)
    var similarities = Dictionary(
      try vectors.nearest(
        to: vector, kind: request.kind, excludedDomain: excludedDomain,
        // Enough for the other components to change the order of those nearest in meaning.
        count: max(Self.candidatesMin, 2 * request.limit)
      ).map { ($0.id, $0.similarity) }, uniquingKeysWith: { first, _ in first })
    let question = try likenessQuestion(request, vector: vector, model: embedder.model)
    for episode in try await likeEpisodes(question, besides: request.episodeID) {
      for id in episode.patternIDs where similarities[id] == nil {
        similarities[id] = vectors.similarity(
          of: id, to: vector, kind: request.kind, excludedDomain: excludedDomain)
      }
    }
    let patterns = try await store.patterns(ids: similarities.keys.sorted())
    let likenesses = try await likenesses(
      of: patterns, similarities: similarities, to: question, besides: request.episodeID)
    let now = configuration.now()
    return patterns.map { pattern in
      RankedPattern(
        pattern: pattern,
        score: PatternScore(
          of: pattern, likeness: likenesses[pattern.id] ?? 0, context: request.context,
          weights: weights, at: now))
    }.sorted(by: RankedPattern.isBetter)
  }

  private static let candidatesMin = 100

  /// The pattern with this id, or nil.
  ///
  /// - Throws: ``EngramError``: `storeFailed`; where the store is away the cache is asked.
  public func pattern(id: String) async throws(EngramError) -> Pattern? {
    try await engramErrors {
      try await reading {
        try await store.pattern(id: id)
      } elseInCache: {
        try records.pattern(id: id)
      }
    }
  }

  /// Patterns of a namespace in the order of their ids. Where the durable store is away, those in the cache.
  ///
  /// - Parameters:
  ///   - id: the last id of the page before.
  ///   - limit: the most to return.
  public func patterns(
    namespace: String? = Episode.defaultNamespace, kind: PatternKind.Name? = nil,
    domain: String? = nil, after id: String = "", limit: Int = 100
  ) async throws(EngramError) -> [Pattern] {
    try await engramErrors {
      try await reading {
        try await store.patterns(
          namespace: namespace, kind: kind, domain: domain, after: id, limit: limit)
      } elseInCache: {
        let found = try records.patterns().filter { pattern in
          pattern.id > id && namespace.map { $0 == pattern.namespace } ?? true
            && kind.map { $0 == pattern.kind.name } ?? true
            && domain.map { $0 == pattern.context.domain } ?? true
        }
        return Array(found.sorted { $0.id < $1.id }.prefix(limit))
      }
    }
  }

  /// Heuristics of a namespace in the order of their ids. Where the durable store is away, those in the cache.
  public func heuristics(
    namespace: String? = Episode.defaultNamespace, after id: String = "", limit: Int = 100
  ) async throws(EngramError) -> [Heuristic] {
    try await engramErrors {
      try await reading {
        try await store.heuristics(namespace: namespace, after: id, limit: limit)
      } elseInCache: {
        let found = try records.heuristics().filter { heuristic in
          heuristic.id > id && namespace.map { $0 == heuristic.namespace } ?? true
        }
        return Array(found.sorted { $0.id < $1.id }.prefix(limit))
      }
    }
  }

  /// - Throws: `ValidationError` naming a pattern that the namespace does not have.
  func checkPatterns(_ ids: [String], namespace: String) async throws {
    let known = Set(
      try await store.patterns(ids: ids).filter { $0.namespace == namespace }.map(\.id))
    for (index, id) in ids.enumerated() where !known.contains(id) {
      throw ValidationError(
        field: "appliedPatterns[\(index)].patternID",
        problem: "there is no pattern '\(id.prefix(140))' in the namespace '\(namespace)'",
        expected: "the id of one that is")
    }
  }
}
