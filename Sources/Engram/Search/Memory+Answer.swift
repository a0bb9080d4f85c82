internal import Cache
internal import DurableStore
internal import Embedders
internal import Episodes
internal import Logging
internal import Platform
internal import Sync

extension Memory {
  /// The episodes that answer a question, best first.
  func answer(_ question: HybridQuestion) async throws -> [EpisodeHit] {
    try await answer(question, reading: read, fromStore: \.self)
  }

  /// What the cache finds, if it was whole all the time; once more if the search came upon damage, since what was
  /// damaged counted as missing. While the cache is being filled, by whichever process, the durable store is
  /// searched itself.
  ///
  /// - Parameters:
  ///   - reading: makes hits of ranked episodes; fewer, where some of them are gone.
  ///   - fromStore: makes one of a hit of the store.
  func answer<Hit>(
    _ question: HybridQuestion, reading: ([RankedEpisode]) async throws -> [Hit],
    fromStore: (EpisodeHit) -> Hit
  ) async throws -> [Hit] {
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
        let ranked = try await searchCache(question)
        let hits = try await reading(ranked)
        if try await healRecords() > 0 { continue }
        let after = try coordinator.cacheState()
        if isStoreAway { return hits }
        // Emptied meanwhile, or of another store: hits may be missing, or be others.
        guard after.filling == before.filling, coordinator.isComplete(after) else { continue }
        // An episode that went between the search and its reading leaves room for another.
        if hits.count == ranked.count || attempt == Self.cacheAttemptsMax { return hits }
      } catch  where EngramError(error).code == .indexDamaged || error is CacheError {
        guard attempt < Self.cacheAttemptsMax, try await healSegments() else { throw error }
      }
    }
    return try await searchStore(question).map(fromStore)
  }

  private static let cacheAttemptsMax = 3
  /// As many as a request may ask for at most; more than anybody reads.
  private static let hitsMax = 1_000_000

  private func searchCache(_ question: HybridQuestion) async throws -> [RankedEpisode] {
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
    return chosen(ranked, for: question)
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
