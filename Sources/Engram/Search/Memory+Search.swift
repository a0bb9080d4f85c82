internal import Cache
internal import DurableStore
internal import Embedders
public import Episodes
internal import Logging
internal import Platform
internal import Sync

extension Memory {
  /// Finds the episodes that answer words best: by their meaning, by the words themselves, and by what else
  /// ``RetrievalWeights`` names.
  ///
  /// ```swift
  /// let results = try await memory.search(SearchRequest("why does the login fail", limit: 5))
  /// for hit in results.hits { print(hit.score, hit.episode.taskDescription) }
  /// ```
  ///
  /// - Returns: exactly `min(limit, matches)` hits, best first; in ``RetrievalMode/text`` those that have a word
  ///   of the question.
  /// - Throws: ``EngramError``: `invalidInput` for an empty question, `modelMissing`, `indexDamaged`.
  ///
  /// Any text is a question: nothing in it is taken for an operator. What another process has written is
  /// found as well. Where the durable store is away, the episodes in the cache are searched, and the results
  /// say so.
  ///
  /// - Complexity: one embedding, a walk of the vector index, and the postings of the words; the first search
  ///   of a memory reads every episode. With a filter also a pass over the directory, or for places and metadata
  ///   one query of the durable store.
  public func search(_ request: SearchRequest) async throws(EngramError) -> SearchResults {
    try await engramErrors {
      let clock = ContinuousClock()
      let start = clock.now
      var question = try question(request)
      if request.mode != .text { question.vector = try await currentEmbedder().embed(request.text) }
      let embedded = clock.now
      let hits = try await answer(question)
      if request.isNoted { noteAccesses(hits.lazy.map(\.episode.id)) }
      var timing = SearchTiming()
      timing.embeddingSeconds = (embedded - start).inSeconds
      timing.retrievalSeconds = (clock.now - embedded).inSeconds
      var results = SearchResults(hits: hits, timing: timing)
      results.isStoreAway = isStoreAway
      return results
    }
  }

  /// What is asked, checked; without its vector.
  func question(_ request: SearchRequest) throws -> HybridQuestion {
    guard request.text.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError(
        field: "query", problem: "is empty", expected: "what to look for, in words")
    }
    if let diversity = request.diversity, !(0...1).contains(diversity) {
      throw ValidationError(
        field: "diversity", problem: "is \(diversity)", expected: "a number from 0 to 1")
    }
    let weights = request.weights ?? configuration.retrieval
    try weights.validate()
    return HybridQuestion(
      vector: nil,
      terms: request.mode == .vector ? [] : try currentAnalyzer().terms(of: [request.text])[0],
      mode: request.mode, limit: request.limit, filter: request.filter, context: request.context,
      weights: weights, diversity: request.diversity,
      weakSimilarity: configuration.weakSimilarity, now: configuration.now())
  }

  /// The vector that stands for a text, to search with.
  ///
  /// - Returns: as many floats as the model has dimensions, of unit length.
  /// - Throws: ``EngramError`` with code `modelMissing` or `modelDamaged`.
  public func embed(_ text: String) async throws(EngramError) -> [Float] {
    try await engramErrors { try await currentEmbedder().embed(text) }
  }

  /// Finds the episodes nearest to a vector of the memory's model, nearest first.
  ///
  /// - Parameters:
  ///   - vector: from ``embed(_:)``.
  ///   - limit: the most hits.
  /// - Throws: ``EngramError``: `invalidInput` for a vector of another dimension.
  public func search(
    vector: [Float], limit: Int, filter: EpisodeFilter = EpisodeFilter()
  ) async throws(EngramError) -> [EpisodeHit] {
    try await engramErrors {
      try check(vector)
      return try await answer(vectorQuestion(vector, limit: limit, filter: filter))
    }
  }

  private func vectorQuestion(
    _ vector: [Float], limit: Int, filter: EpisodeFilter
  ) -> HybridQuestion {
    HybridQuestion(
      vector: vector, terms: [], mode: .vector, limit: max(1, limit), filter: filter,
      weights: configuration.retrieval, weakSimilarity: configuration.weakSimilarity,
      now: configuration.now())
  }

  /// The episodes nearest to a vector, as ``search(vector:limit:filter:)`` finds them, without reading them: for
  /// callers to whom the ids are enough, several times as fast.
  ///
  /// - Throws: ``EngramError``: `invalidInput` for a vector of another dimension.
  public func nearestEpisodes(
    to vector: [Float], limit: Int, filter: EpisodeFilter = EpisodeFilter()
  ) async throws(EngramError) -> [EpisodeMatch] {
    try await engramErrors {
      try check(vector)
      return try await answer(vectorQuestion(vector, limit: limit, filter: filter)) { ranked in
        ranked.map { EpisodeMatch(id: $0.id, similarity: $0.similarity ?? $0.score) }
      } fromStore: {
        EpisodeMatch(id: $0.episode.id, similarity: $0.similarity)
      }
    }
  }

  /// As ``search(_:)``, where the words have been embedded already.
  ///
  /// - Parameter vector: of the request's words, from ``embed(_:)``; not looked at in a search by words alone.
  public func search(
    _ request: SearchRequest, vector: [Float]
  ) async throws(EngramError) -> [EpisodeHit] {
    try await search(request, vector: vector, bestSimilarityMin: 0)
  }

  /// - Parameter bestSimilarityMin: the best similarity of all memories that are asked the same.
  func search(
    _ request: SearchRequest, vector: [Float], bestSimilarityMin: Double
  ) async throws(EngramError) -> [EpisodeHit] {
    try await engramErrors {
      var question = try question(request)
      question.bestSimilarityMin = bestSimilarityMin
      if request.mode != .text {
        try check(vector)
        question.vector = vector
      }
      let hits = try await answer(question)
      if request.isNoted { noteAccesses(hits.lazy.map(\.episode.id)) }
      return hits
    }
  }

  private func check(_ vector: [Float]) throws {
    let embedder = try currentEmbedder()
    guard vector.count == embedder.dimension else {
      throw ValidationError(
        field: "vector", problem: "has \(vector.count) dimensions",
        expected: "\(embedder.dimension), as \(embedder.model) makes them")
    }
  }
}
