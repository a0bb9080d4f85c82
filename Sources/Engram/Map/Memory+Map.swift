internal import DurableStore
internal import Embedders
internal import Episodes
internal import Platform
internal import Sync
internal import Synchronization

extension Memory {
  /// Episodes as points of a plane, by the two directions in which their embeddings vary most. The map of a state is
  /// kept, and drawn anew when something has changed.
  ///
  /// - Parameters:
  ///   - namespace: only episodes of this one; nil for all.
  ///   - limit: the most points; of more episodes so many are taken at even distances in the order in which they
  ///     were stored.
  /// - Throws: ``EngramError``: `modelMissing`, `storeAway`.
  /// - Complexity: linear in the number of episodes, and points · dimension² + dimension³.
  public func map(namespace: String? = nil, limit: Int = 2000) async throws(EngramError)
    -> EpisodeMap
  {
    try await engramErrors {
      let embedder = try currentEmbedder()
      let key = MapCache.Key(namespace: namespace, limit: max(1, limit), model: embedder.model)
      await catchUp()
      if let known = try knownMap(key) { return known }
      // The tabs of a browser ask at once after a write: one draws the map, the others wait for it.
      try await mapTurn.take()
      let result: Result<EpisodeMap, any Error>
      do {
        result = .success(try await drawnMap(key, dimension: embedder.dimension))
      } catch {
        result = .failure(error)
      }
      await mapTurn.give()
      return try result.get()
    }
  }

  /// The map as it was drawn of the state that there is now.
  private func knownMap(_ key: MapCache.Key) throws -> EpisodeMap? {
    let state = try coordinator.cacheState()
    return maps.withLock { $0.map(key, at: state) }
  }

  private func drawnMap(_ key: MapCache.Key, dimension: Int) async throws -> EpisodeMap {
    // Before the episodes are looked at: what changes meanwhile makes another state.
    let state = try coordinator.cacheState()
    if let known = maps.withLock({ $0.map(key, at: state) }) { return known }
    try await updateRetrievalIndex()
    let (chosen, count) = mapped(key)
    let vectors = try await vectors(of: chosen, model: key.model, dimension: dimension)
    let shown = chosen.filter { vectors[$0.id] != nil }
    let told = try await labels(of: shown.map(\.id))
    let drawn = shown.filter { told[$0.id] != nil }
    let rows = drawn.flatMap { vectors[$0.id] ?? [] }
    let plane = try await projection(of: rows, dimension: dimension)
    let points = drawn.enumerated().compactMap { index, episode in
      told[episode.id].map {
        EpisodeMap.Point(
          id: episode.id, x: plane.x[index], y: plane.y[index], domain: $0.domain,
          title: $0.title, outcome: $0.outcome)
      }
    }
    let map = EpisodeMap(
      points: points, episodeCount: count, explainedVariance: plane.explainedVariance,
      model: key.model)
    maps.withLock { $0.put(map, key, at: state) }
    return map
  }

  /// On the lane of maps. Who gives up has it stop: before its turn, or on the way.
  private func projection(of rows: [Float], dimension: Int) async throws -> PlaneProjection {
    let isCancelled = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await mapLane.run {
        if isCancelled.isSet { throw CancellationError() }
        return try PlaneProjection(rows, dimension: dimension) { isCancelled.isSet }
      }
    } onCancel: {
      isCancelled.set()
    }
  }

  private typealias Mapped = (id: String, embeddings: [UInt64])

  /// The episodes to show, and how many there are.
  private func mapped(_ key: MapCache.Key) -> (chosen: [Mapped], count: Int) {
    retrieval.read { index in
      let columns = index.directory.columns
      let wanted = index.directory.symbols.symbol(of: key.namespace)
      let all = columns.ids.indices.filter {
        columns.arePresent[$0] && !columns.embeddings[$0].isEmpty
          && (key.namespace == nil || columns.namespaces[$0] == wanted)
      }
      let count = min(all.count, key.limit)
      let chosen = (0..<count).map { place -> Mapped in
        let number = all[place * all.count / count]
        return (columns.ids[number], columns.embeddings[number])
      }
      return (chosen, all.count)
    }
  }

  /// The vector of the first part of each episode.
  private func vectors(
    of episodes: [Mapped], model: String, dimension: Int
  ) async throws -> [String: [Float]] {
    var vectors: [String: [Float]] = [:]
    for batch in episodes.batches(of: Self.mapBatchSize) {
      // Those of another model come first where the model has been changed.
      for ids in [batch.map { $0.embeddings.prefix(1) }, batch.map { $0.embeddings.dropFirst() }] {
        let wanted = zip(batch, ids).flatMap { episode, ids in
          vectors[episode.id] == nil ? ids.compactMap { Int64(exactly: $0) } : []
        }
        for stored in try await store.embeddings(ids: wanted) {
          let embedding = stored.embedding
          guard embedding.model == model, embedding.vector.count == dimension,
            embedding.vector.allSatisfy(\.isFinite), vectors[embedding.owner.id] == nil
          else { continue }
          vectors[embedding.owner.id] = embedding.vector
        }
      }
    }
    return vectors
  }

  private func labels(of ids: [String]) async throws -> [String: EpisodeLabel] {
    var labels: [String: EpisodeLabel] = [:]
    for batch in ids.batches(of: Self.mapBatchSize) {
      try Task.checkCancellation()
      for label in try await store.labels(ofEpisodes: batch, titleLength: Self.mapTitleLength) {
        labels[label.id] = label
      }
    }
    return labels
  }

  private static let mapBatchSize = 250
  private static let mapTitleLength = 160
}
