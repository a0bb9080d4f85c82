internal import Cache
internal import DurableStore
internal import Embedders
public import Episodes
internal import Logging
internal import Platform
internal import Sync
internal import Synchronization
internal import Vamana

extension Memory {
  /// Finds the episodes nearest in meaning to words.
  ///
  /// - Returns: exactly `min(limit, matches)` hits, nearest first.
  /// - Throws: ``EngramError``: `invalidInput` for an empty question, `modelMissing`, `indexDamaged`.
  ///
  /// What another process has written is found as well. Where the durable store is away, the episodes in
  /// the cache are searched, and the results say so.
  ///
  /// - Complexity: one embedding, and a walk of the index; with a filter also one query of the
  ///   durable store for the matching records.
  public func search(_ request: SearchRequest) async throws(EngramError) -> SearchResults {
    try await engramErrors {
      guard request.text.contains(where: { !$0.isWhitespace }) else {
        throw ValidationError(
          field: "query", problem: "is empty", expected: "what to look for, in words")
      }
      let embedder = try currentEmbedder()
      let clock = ContinuousClock()
      let start = clock.now
      let vector = try await embedder.embed(request.text)
      let embedded = clock.now
      let hits = try await nearestEpisodes(
        to: vector, model: embedder.model, limit: request.limit, filter: request.filter)
      noteAccesses(hits.lazy.map(\.episode.id))
      var timing = SearchTiming()
      timing.embeddingSeconds = (embedded - start).inSeconds
      timing.retrievalSeconds = (clock.now - embedded).inSeconds
      var results = SearchResults(hits: hits, timing: timing)
      results.isStoreAway = isStoreAway
      return results
    }
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
      let embedder = try currentEmbedder()
      guard vector.count == embedder.dimension else {
        throw ValidationError(
          field: "vector", problem: "has \(vector.count) dimensions",
          expected: "\(embedder.dimension), as \(embedder.model) makes them")
      }
      return try await nearestEpisodes(
        to: vector, model: embedder.model, limit: max(1, limit), filter: filter)
    }
  }

  /// What ``searchCache(for:model:limit:filter:)`` finds, if the cache was whole all the time; once more if
  /// it came upon damage, since what was damaged counted as missing. While the cache is being filled, by
  /// whichever process, the durable store is searched itself.
  private func nearestEpisodes(
    to vector: [Float], model: String, limit: Int, filter: EpisodeFilter
  ) async throws -> [EpisodeHit] {
    let limit = min(max(1, limit), Self.hitsMax)
    for attempt in 1...Self.cacheAttemptsMax {
      await catchUp()
      let before = try coordinator.cacheState()
      // Without its store there is no other answer than what the cache has.
      if !isStoreAway, !coordinator.isComplete(before) { break }
      do {
        let found = try await searchCache(for: vector, model: model, limit: limit, filter: filter)
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
    return try await searchStore(for: vector, model: model, limit: limit, filter: filter)
  }

  private static let cacheAttemptsMax = 3
  /// As many as a request may ask for at most; more than anybody reads.
  private static let hitsMax = 1_000_000

  private func searchCache(
    for vector: [Float], model: String, limit: Int, filter: EpisodeFilter
  ) async throws -> (hits: [EpisodeHit], isWhole: Bool) {
    let snapshot = try await currentSnapshot(model: model, dimension: vector.count)
    let allowed = try await allowedRecords(matching: filter, model: model)
    // Deleted records stay in a segment until it is built again: ask for a few more, and for many
    // more if too few of those are alive.
    var k = min(limit, snapshot.recordCount) + 8
    while true {
      let found = try scratches.withScratch { scratch in
        try snapshot.search(
          vector, parameters: configuration.searchParameters(k: k), filter: allowed,
          scratch: scratch)
      }
      let nearest = try nearestOwners(of: found, limit: limit)
      if nearest.count < limit, found.count == k {
        k *= 4
        continue
      }
      let hits = try await read(nearest)
      return (hits, hits.count == nearest.count)
    }
  }

  /// The episodes that found records stand for, each once, by its nearest record.
  private func nearestOwners(
    of found: [SearchHit], limit: Int
  ) throws -> [(id: String, distance: Float)] {
    let owners = try records.embeddingOwners(ids: found.map(\.recordID))
    var seen = Set<String>()
    var nearest: [(id: String, distance: Float)] = []
    for (hit, owner) in zip(found, owners) where nearest.count < limit {
      guard let owner, owner.kind != .pattern, seen.insert(owner.id).inserted else { continue }
      nearest.append((owner.id, hit.distance))
    }
    return nearest
  }

  private func read(_ nearest: [(id: String, distance: Float)]) async throws -> [EpisodeHit] {
    let ids = nearest.map(\.id)
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
    return zip(nearest, episodes).compactMap { near, episode in
      episode.map { EpisodeHit(similarity: 1 - Double(near.distance), episode: $0) }
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
    Task(priority: .utility) { [records, lane, logger, batch] in
      do {
        try await lane.run { _ = try records.apply(batch) }
      } catch {
        logger.debug("episodes read from the store could not be cached: \(error)")
      }
    }
  }

  /// The state of the index, looked at anew if the cache has moved on: also by another process.
  func currentSnapshot(model: String, dimension: Int) async throws -> IndexSnapshot {
    let cache = try coordinator.cacheState()
    let listed = IndexSnapshot.listed(try segments.segments(), model: model)
    let known = snapshot.withLock { $0 }
    if let known, known.cache == cache, known.listed == listed { return known }
    let fresh: IndexSnapshot
    if let known, known.cache.filling == cache.filling, known.listed == listed {
      fresh = try freshSnapshot(model: model, dimension: dimension, previous: known)
    } else {
      // Every byte of new segments is looked at, which may have to come from the disk.
      fresh = try await checkLane.run {
        try self.freshSnapshot(model: model, dimension: dimension, previous: nil)
      }
    }
    snapshot.withLock { current in
      // Another search may have made a later one meanwhile.
      guard let made = current, made.cache.filling == fresh.cache.filling,
        made.cache.watermark > fresh.cache.watermark
      else {
        current = fresh
        return
      }
    }
    return fresh
  }

  private func freshSnapshot(
    model: String, dimension: Int, previous: IndexSnapshot?
  ) throws -> IndexSnapshot {
    var attempts = 0
    while true {
      do {
        return try IndexSnapshot.make(
          records: records, segments: segments, model: model, dimension: dimension,
          previous: previous)
      } catch let error as CacheError
        where error.reason == .segmentMissing && attempts < Self.listingsMax
      {
        // Another process replaced the segment after it was listed.
        attempts += 1
      }
    }
  }

  private static let listingsMax = 10
}
