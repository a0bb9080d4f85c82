internal import Cache
internal import DurableStore
internal import Embedders
internal import Episodes
internal import Platform
internal import Sync
internal import TextSearch
internal import VectorMath

extension Memory {
  /// The best episodes for a question, among those that the vectors found and those that its words find.
  ///
  /// - Parameters:
  ///   - nearest: by vector, nearest first.
  ///   - allowed: the episodes that may be found; nil for all.
  ///   - isCacheCurrent: whether the cache's state tells that of the store.
  func rank(
    _ nearest: [NearestOwner], for question: HybridQuestion, allowed: AllowedEpisodes?,
    isCacheCurrent: Bool = true
  ) async throws -> [RankedEpisode] {
    if question.mode == .vector {
      return await diversified(nearest.map { Self.byVector($0, question) }, question)
    }
    var ranked: [RankedEpisode]
    if try await hasCurrentWords(isCacheCurrent: isCacheCurrent) {
      ranked = try retrieval.read { index in
        try rank(nearest, for: question, allowed: allowed, in: index)
      }
    } else {
      let index = try cachedRetrievalIndex(of: cachedEpisodes(matching: question.filter))
      ranked = try rank(nearest, for: question, allowed: nil, in: index)
    }
    ranked = await diversified(ranked, question)
    return Array(ranked.prefix(question.limit))
  }

  /// Brings the index of words up to date; false where the store, of which it is made, is away.
  func hasCurrentWords(isCacheCurrent: Bool = true) async throws -> Bool {
    if isStoreAway { return false }
    return try await reading {
      try await updateRetrievalIndex(isCacheCurrent: isCacheCurrent)
      return true
    } elseInCache: {
      false
    }
  }

  private static func byVector(
    _ nearest: NearestOwner, _ question: HybridQuestion
  ) -> RankedEpisode {
    RankedEpisode(
      id: nearest.id, similarity: nearest.similarity, score: nearest.similarity,
      isWeak: question.isWeak(similarity: nearest.similarity, words: 0))
  }

  private func rank(
    _ nearest: [NearestOwner], for question: HybridQuestion, allowed: AllowedEpisodes?,
    in index: RetrievalIndex
  ) throws -> [RankedEpisode] {
    let documents = allowed.map { $0.documents(in: index) }
    return try textScratches.withScratch { scratch throws -> [RankedEpisode] in
      let matches = index.text.search(
        question.terms, allowed: documents,
        limit: question.wordCandidatesMax, scratch: scratch)
      if question.mode == .text {
        return matches.best.map {
          RankedEpisode(
            id: index.directory.id(of: $0),
            score: Double(index.text.score(of: $0, in: matches, scratch: scratch)))
        }
      }
      var similarities: [(number: Int, similarity: Double)] = []
      var known = Set<Int>()
      // Written after the words were read: found by its vector only.
      var unknown: [NearestOwner] = []
      for owner in nearest {
        guard let number = index.number(of: owner) else {
          unknown.append(owner)
          continue
        }
        if known.insert(number).inserted { similarities.append((number, owner.similarity)) }
      }
      if let vector = question.vector, let model = question.model {
        let others = HybridRanking.candidates(of: matches, index: index, allowed: documents)
          .filter { known.insert($0).inserted }
        let found = try self.similarities(
          of: others.map { index.directory.columns.embeddings[$0] }, to: vector, model: model)
        for (number, similarity) in zip(others, found) {
          similarities.append((number, similarity ?? 0))
        }
      }
      let ranking = HybridRanking(
        question: question, index: index, scratch: scratch, matches: matches)
      return ranking.ranked(
        similarities, beside: unknown,
        limit: question.diversity == nil ? question.limit : .max)
    }
  }

  /// The similarity of the nearest of each list of embeddings; nil where none of them is in the cache.
  private func similarities(
    of embeddings: [[UInt64]], to vector: [Float], model: String
  ) throws -> [Double?] {
    var best = [Double?](repeating: nil, count: embeddings.count)
    let places = embeddings.enumerated().flatMap { place, ids in ids.map { _ in place } }
    try vector.withUnsafeBufferPointer { query in
      try records.withEmbeddings(ids: embeddings.flatMap(\.self)) { index, view in
        guard view.dimension == query.count, view.isOf(model: model),
          let query = query.baseAddress
        else { return }
        view.withVector { stored in
          guard let stored = stored.baseAddress else { return }
          // SAFETY: both hold as many floats as the dimension, which was compared.
          let product = FlatKernels.dotProduct(query, stored, dimension: vector.count)
          best[places[index]] = max(best[places[index]] ?? -1, product)
        }
      }
    }
    return best
  }

  /// Chooses unlike hits where the question asks for them.
  private func diversified(
    _ ranked: [RankedEpisode], _ question: HybridQuestion
  ) async -> [RankedEpisode] {
    guard let lambda = question.diversity, ranked.count > 1 else { return ranked }
    var vectors = [[Float]?](repeating: nil, count: ranked.count)
    guard let model = question.model ?? (try? currentEmbedder().model) else { return ranked }
    // Those that cannot be read are unlike all others.
    try? records.withEmbeddings(of: .episode, ownerIDs: ranked.map(\.id)) { place, view in
      if view.owner.part == 0, view.isOf(model: model) { vectors[place] = view.vector }
    }
    return MaximalMarginalRelevance.choose(
      scores: ranked.map(\.score), vectors: vectors, lambda: lambda, limit: question.limit
    ).map { ranked[$0] }
  }
}
