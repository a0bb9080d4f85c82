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
      return try await answer(
        HybridQuestion(
          vector: vector, terms: [], mode: .vector, limit: max(1, limit), filter: filter,
          weights: configuration.retrieval, weakSimilarity: configuration.weakSimilarity,
          now: configuration.now()))
    }
  }

  /// As ``search(_:)``, where the words have been embedded already.
  ///
  /// - Parameter vector: of the request's words, from ``embed(_:)``; not looked at in a search by words alone.
  public func search(
    _ request: SearchRequest, vector: [Float]
  ) async throws(EngramError) -> [EpisodeHit] {
    try await engramErrors {
      var question = try question(request)
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

  /// What ``searchCache(_:)`` finds, if the cache was whole all the time; once more if it came upon
  /// damage, since what was damaged counted as missing. While the cache is being filled, by whichever
  /// process, the durable store is searched itself.
  func answer(_ question: HybridQuestion) async throws -> [EpisodeHit] {
    var question = question
    question.limit = min(max(1, question.limit), Self.hitsMax)
    // Words are found without a model.
    if question.vector != nil { question.model = try currentEmbedder().model }
    for attempt in 1...Self.cacheAttemptsMax {
      await catchUp()
      let before = try coordinator.cacheState()
      // Without its store there is no other answer than what the cache has.
      if !isStoreAway, !coordinator.isComplete(before) { break }
      do {
        let found = try await searchCache(question)
        if try await healRecords() > 0 { continue }
        let after = try coordinator.cacheState()
        if isStoreAway { return found.hits }
        // Emptied meanwhile, or of another store: hits may be missing, or be others.
        guard after.filling == before.filling, coordinator.isComplete(after) else { continue }
        // An episode that went between the search and its reading leaves room for another.
        if found.isWhole || attempt == Self.cacheAttemptsMax { return found.hits }
      } catch  where EngramError(error).code == .indexDamaged || error is CacheError {
        guard attempt < Self.cacheAttemptsMax, try await healSegments() else { throw error }
      }
    }
    return try await searchStore(question)
  }

  private static let cacheAttemptsMax = 3
  /// As many as a request may ask for at most; more than anybody reads.
  private static let hitsMax = 1_000_000

  private func searchCache(
    _ question: HybridQuestion
  ) async throws -> (hits: [EpisodeHit], isWhole: Bool) {
    // First of all: it also knows what meets a filter, and whose each embedding is.
    let hasWords = question.mode == .vector ? false : try await hasCurrentWords()
    let allowed = try await allowedEpisodes(matching: question.filter, model: question.model)
    var snapshot: IndexSnapshot?
    if let vector = question.vector, let model = question.model {
      snapshot = try await currentSnapshot(model: model, dimension: vector.count)
    }
    let ranked: [RankedEpisode]
    if question.mode == .vector || hasWords {
      ranked = try rank(question, in: snapshot, allowed: allowed)
    } else {
      let nearest = try nearestOwners(of: question, in: snapshot, allowed: allowed) {
        try owners(of: $0, in: nil, limit: question.nearestMax)
      }
      ranked = try await rankCached(nearest ?? [], for: question)
    }
    return try await hits(of: chosen(ranked, for: question))
  }

  /// The best episodes for a question by vector, or by vector and words.
  private func rank(
    _ question: HybridQuestion, in snapshot: IndexSnapshot?, allowed: AllowedEpisodes?
  ) throws -> [RankedEpisode] {
    let ranked = try nearestOwners(of: question, in: snapshot, allowed: allowed) { records in
      try retrieval.read { index -> [RankedEpisode]? in
        // It is asked only where it knows the episodes of the snapshot.
        let isCurrent = snapshot.map { index.isCurrent(at: $0.cache) } ?? false
        let nearest = try owners(
          of: records, in: isCurrent ? index.directory : nil, limit: question.nearestMax)
        return try nearest.map { try rank($0, for: question, allowed: allowed, in: index) }
      }
    }
    if let ranked { return ranked }
    return try retrieval.read { try rank([], for: question, allowed: allowed, in: $0) }
  }

  /// Walks the index for a question, and again for more as long as `body` finds too few episodes in what was found.
  ///
  /// The walk is done before `body` takes a lock: one that pages a cold segment in holds up no other search.
  ///
  /// - Returns: what `body` makes of the records; nil where there is no vector or nothing to search.
  private func nearestOwners<Value>(
    of question: HybridQuestion, in snapshot: IndexSnapshot?, allowed: AllowedEpisodes?,
    _ body: (NearestRecords) throws -> Value?
  ) throws -> Value? {
    guard question.vector != nil, let snapshot else { return nil }
    var records: NearestRecords?
    while true {
      let found = try nearestRecords(
        of: question, in: snapshot, allowed: allowed?.records, insteadOf: records)
      if let value = try body(found) { return value }
      records = found
    }
  }

  private func hits(
    of ranked: [RankedEpisode]
  ) async throws -> (hits: [EpisodeHit], isWhole: Bool) {
    let hits = try await read(ranked)
    return (hits, hits.count == ranked.count)
  }

  private func read(_ ranked: [RankedEpisode]) async throws -> [EpisodeHit] {
    let ids = ranked.map(\.id)
    let watermark = try records.watermark ?? 0
    var episodes = try records.episodes(ids: ids)
    let missing = zip(ids, episodes).filter { $1 == nil }.map(\.0)
    if !missing.isEmpty {
      let found = try await reading {
        try await store.episodes(ids: missing)
      } elseInCache: {
        []
      }
      cache(found, at: watermark)
      let stored = Dictionary(
        found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      for index in episodes.indices where episodes[index] == nil {
        episodes[index] = stored[ids[index]]
      }
    }
    return zip(ranked, episodes).compactMap { ranked, episode in
      episode.map { EpisodeHit(ranked, episode: $0) }
    }
  }

  /// Puts episodes that were missing into the cache, after the search that missed them.
  ///
  /// - Parameter watermark: where the cache stood before they were read from the store, so that none older
  ///   than the cache is put.
  private func cache(_ episodes: [Episode], at watermark: Int64) {
    guard !episodes.isEmpty, watermark >= 0 else { return }
    var batch = CacheBatch()
    batch.episodes = episodes
    batch.expectedWatermark = watermark
    tasks.start(priority: .utility) { [records, lane, logger, batch] in
      do {
        try await lane.run { _ = try records.apply(batch) }
      } catch {
        logger.debug("episodes read from the store could not be cached: \(error)")
      }
    }
  }
}
