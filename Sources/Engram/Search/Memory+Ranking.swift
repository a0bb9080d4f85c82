internal import Cache
internal import DurableStore
internal import Episodes
internal import Platform
internal import Sync
internal import TextSearch

extension Memory {
  /// The best episodes for a question, among those that the vectors found and those that its words find.
  ///
  /// - Parameters:
  ///   - nearest: by vector, nearest first.
  ///   - allowed: the ids of the episodes that may be found; nil for all.
  func rank(
    _ nearest: [NearestOwner], for question: HybridQuestion, allowed: [String]?
  ) async throws -> [RankedEpisode] {
    if question.mode == .vector { return await diversified(nearest.map(Self.byVector), question) }
    var ranked: [RankedEpisode]
    if isStoreAway {
      let index = try cachedRetrievalIndex(of: cachedEpisodes(matching: question.filter))
      ranked = try rank(nearest, for: question, allowed: nil, in: index)
    } else {
      try await updateRetrievalIndex()
      ranked = try retrieval.read { index in
        try rank(nearest, for: question, allowed: allowed, in: index)
      }
    }
    ranked = await diversified(ranked, question)
    return Array(ranked.prefix(question.limit))
  }

  private static func byVector(_ nearest: NearestOwner) -> RankedEpisode {
    RankedEpisode(id: nearest.id, similarity: nearest.similarity, score: nearest.similarity)
  }

  private func rank(
    _ nearest: [NearestOwner], for question: HybridQuestion, allowed: [String]?,
    in index: RetrievalIndex
  ) throws -> [RankedEpisode] {
    let flags = allowed.map { ids in
      var flags = [Bool](repeating: false, count: index.text.documentCount)
      for id in ids { if let number = index.directory.number(of: id) { flags[number] = true } }
      return flags
    }
    return try textScratches.withScratch { scratch throws -> [RankedEpisode] in
      let matches = index.text.search(
        question.terms, allowed: flags,
        limit: question.mode == .text ? question.limit : question.candidatesMax, scratch: scratch)
      if question.mode == .text {
        return matches.best.map {
          RankedEpisode(
            id: index.directory.entries[$0].id, score: Double(scratch.score(of: $0)))
        }
      }
      var similarities: [(number: Int, similarity: Double)] = []
      var known = Set<Int>()
      // Written after the words were read: found by its vector only.
      var unknown: [NearestOwner] = []
      for owner in nearest {
        guard let number = index.directory.number(of: owner.id) else {
          unknown.append(owner)
          continue
        }
        if known.insert(number).inserted { similarities.append((number, owner.similarity)) }
      }
      if let vector = question.vector {
        for number in HybridRanking.candidates(of: matches, index: index, allowed: flags)
        where known.insert(number).inserted {
          let similarity = try similarity(of: index.directory.entries[number].id, to: vector)
          similarities.append((number, similarity ?? 0))
        }
      }
      let ranking = HybridRanking(
        question: question, index: index, scratch: scratch, matches: matches)
      return ranking.ranked(similarities, beside: unknown)
    }
  }

  /// The similarity of the nearest embedding of an episode in the cache; nil if there is none.
  private func similarity(of id: String, to vector: [Float]) throws -> Double? {
    var best: Double?
    for record in try records.embeddingIDs(of: .episode, ownerID: id) {
      let product = try records.withEmbedding(id: record) { view -> Double? in
        guard view.dimension == vector.count else { return nil }
        return view.withVector { stored in
          var product: Float = 0
          for index in vector.indices { product += vector[index] * stored[index] }
          return Double(product)
        }
      }
      if let product = product ?? nil { best = max(best ?? -1, product) }
    }
    return best
  }

  /// Chooses unlike hits where the question asks for them.
  private func diversified(
    _ ranked: [RankedEpisode], _ question: HybridQuestion
  ) async -> [RankedEpisode] {
    guard let lambda = question.diversity, ranked.count > 1 else { return ranked }
    let vectors = ranked.map { hit in
      (try? records.embeddingIDs(of: .episode, ownerID: hit.id).first)
        .flatMap { try? records.embedding(id: $0)?.vector }
    }
    return MaximalMarginalRelevance.choose(
      scores: ranked.map(\.score), vectors: vectors, lambda: lambda, limit: question.limit
    ).map { ranked[$0] }
  }
}
