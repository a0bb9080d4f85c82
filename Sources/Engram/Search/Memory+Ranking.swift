internal import Cache
internal import DurableStore
internal import Embedders
internal import Episodes
internal import Platform
internal import Sync
internal import Synchronization
internal import TextSearch
internal import Vamana
internal import VectorMath

extension Memory {
  /// The best episodes for a question, among those that the vectors found and those that its words find, while
  /// only the store is up to date.
  func rankStored(
    _ nearest: [NearestOwner], for question: HybridQuestion, allowed: AllowedEpisodes?
  ) async throws -> [RankedEpisode] {
    if question.mode != .vector {
      guard try await hasCurrentWords(isCacheCurrent: false) else {
        return chosen(try await rankCached(nearest, for: question), for: question)
      }
    }
    let ranked = try retrieval.read { index in
      try rank(nearest, for: question, allowed: allowed, in: index)
    }
    return chosen(ranked, for: question)
  }

  /// As ``rankStored(_:for:allowed:)``, among the episodes in the cache: the store is away.
  func rankCached(
    _ nearest: [NearestOwner], for question: HybridQuestion
  ) async throws -> [RankedEpisode] {
    let index = try cachedRetrievalIndex(of: cachedEpisodes(matching: question.filter))
    return try rank(nearest, for: question, allowed: nil, in: index)
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

  /// The best episodes for a question, best first; where it asks for unlike hits, all candidates.
  ///
  /// - Parameters:
  ///   - nearest: by vector, nearest first; those with numbers have them in `index`.
  ///   - allowed: the episodes that may be found; nil for all.
  ///   - index: held still.
  func rank(
    _ nearest: [NearestOwner], for question: HybridQuestion, allowed: AllowedEpisodes?,
    in index: RetrievalIndex
  ) throws -> [RankedEpisode] {
    if question.mode == .vector {
      return nearest.map {
        RankedEpisode(
          id: $0.id(in: index.directory), similarity: $0.similarity, score: $0.similarity,
          isWeak: question.isWeak(similarity: $0.similarity, words: 0))
      }
    }
    let documents = allowed.map { $0.documents(in: index) }
    return try textScratches.withScratch { scratch throws -> [RankedEpisode] in
      if question.mode == .text {
        return rankByWords(question, allowed: documents, in: index, scratch: scratch)
      }
      let matches = index.text.search(
        question.terms, allowed: documents, limit: question.wordCandidatesMax,
        precedes: Self.newestFirst(index), scratch: scratch)
      var similarities: [(number: Int, similarity: Double)] = []
      var known = Set<Int>()
      // Written after the words were read: found by its vector only.
      var unknown: [NearestOwner] = []
      for owner in nearest {
        guard let number = owner.number(in: index.directory) else {
          unknown.append(owner)
          continue
        }
        if known.insert(number).inserted { similarities.append((number, owner.similarity)) }
      }
      if let vector = question.vector, let model = question.model {
        let others = HybridRanking.candidates(of: matches, index: index, allowed: documents)
          .filter { known.insert($0).inserted }
        let found = try self.similarities(
          of: others.map { index.directory.columns.embeddings[$0] }, to: vector, model: model,
          filling: index.filling)
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

  /// The episodes that have the words of a question, best first, the newest id first where scores are the same: the
  /// numbers of the index say in which order this cache came to know them, and other nodes have others.
  private func rankByWords(
    _ question: HybridQuestion, allowed: DocumentSet?, in index: RetrievalIndex,
    scratch: TextScratch
  ) -> [RankedEpisode] {
    let matches = index.text.search(
      question.terms, allowed: allowed, limit: question.wordCandidatesMax,
      precedes: Self.newestFirst(index), scratch: scratch)
    return matches.best.map {
      RankedEpisode(
        id: index.directory.id(of: $0),
        score: Double(index.text.score(of: $0, in: matches, scratch: scratch)))
    }
  }

  /// Of episodes whose words are equally good those are candidates that have the newest ids, on every node.
  private static func newestFirst(_ index: RetrievalIndex) -> TextIndex.Precedence {
    { index.directory.id(of: $0) > index.directory.id(of: $1) }
  }

  /// The similarity of the nearest of each list of embeddings; nil where none of them is in the cache.
  ///
  /// - Parameter filling: of the cache, to which the numbers of the embeddings belong.
  func similarities(
    of embeddings: [[UInt64]], to vector: [Float], model: String, filling: String
  ) throws -> [Double?] {
    var best = [Double?](repeating: nil, count: embeddings.count)
    let places = embeddings.enumerated().flatMap { place, ids in ids.map { _ in place } }
    let ids = embeddings.flatMap(\.self)
    func add(_ similarity: Double, at index: Int) {
      best[places[index]] = max(best[places[index]] ?? -1, similarity)
    }
    try vector.withUnsafeBufferPointer { query in
      // Segments, whose vectors lie side by side, answer several times faster than the records.
      var missing = Array(ids.indices)
      if let snapshot = snapshot.withLock({ $0 }), snapshot.cache.filling == filling {
        let found = try scratches.withScratch { scratch in
          try snapshot.similarities(of: ids, to: query, scratch: scratch)
        }
        missing.removeAll { index in
          guard let similarity = found[index] else { return false }
          add(Double(similarity), at: index)
          return true
        }
      }
      if missing.isEmpty { return }
      try records.withEmbeddings(ids: missing.map { ids[$0] }) { index, view in
        guard view.dimension == query.count, view.isOf(model: model),
          let query = query.baseAddress
        else { return }
        view.withVector { stored in
          guard let stored = stored.baseAddress else { return }
          // SAFETY: both hold as many floats as the dimension, which was compared.
          add(
            FlatKernels.dotProduct(query, stored, dimension: vector.count), at: missing[index])
        }
      }
    }
    return best
  }

  /// The hits among ranked episodes: the best, or unlike ones where the question asks for them.
  func chosen(
    _ ranked: [RankedEpisode], for question: HybridQuestion
  ) -> [RankedEpisode] {
    guard let lambda = question.diversity, ranked.count > 1 else {
      return Array(ranked.prefix(question.limit))
    }
    var vectors = [[Float]?](repeating: nil, count: ranked.count)
    guard let model = question.model ?? (try? currentEmbedder().model) else {
      return Array(ranked.prefix(question.limit))
    }
    // Those that cannot be read are unlike all others.
    try? records.withEmbeddings(of: .episode, ownerIDs: ranked.map(\.id)) { place, view in
      if view.owner.part == 0, view.isOf(model: model) { vectors[place] = view.vector }
    }
    return MaximalMarginalRelevance.choose(
      scores: ranked.map(\.score), vectors: vectors, lambda: lambda, limit: question.limit
    ).map { ranked[$0] }
  }
}
