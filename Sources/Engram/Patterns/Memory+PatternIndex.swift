internal import Cache
internal import DurableStore
internal import Embedders
internal import Episodes
internal import Logging
internal import Platform
internal import Sync
internal import Synchronization

extension Memory {
  /// The vectors of a namespace's patterns, as the store has them now; those that have none by the model are
  /// embedded first.
  ///
  /// - Returns: nil where the namespace has no pattern.
  /// - Complexity: one query of the store, and what has changed since the last call; the first reads all patterns.
  func patternVectors(
    ofNamespace namespace: String, by embedder: some Embedder
  ) async throws -> PatternVectors? {
    try await patternIndexTurn.take()
    do {
      let vectors = try await currentPatternVectors(ofNamespace: namespace, by: embedder)
      await patternIndexTurn.give()
      return vectors
    } catch {
      await patternIndexTurn.give()
      throw error
    }
  }

  private func currentPatternVectors(
    ofNamespace namespace: String, by embedder: some Embedder
  ) async throws -> PatternVectors? {
    var tried = Set<String>()
    while true {
      try await updatePatternIndex(by: embedder)
      let found = patternIndex.withLock { index in
        // Those whose new vector is not one of the model either, such as of an embedder that gives others than it
        // says.
        for id in tried { index?.giveUp(id) }
        return index?.namespaces[namespace]
      }
      guard let found, !found.unembedded.isEmpty else { return found }
      tried.formUnion(found.unembedded)
      for ids in found.unembedded.sorted().batches(of: Self.embeddedAtOnce) {
        try Task.checkCancellation()
        let patterns = try await store.patterns(ids: ids)
        let readable = Set(patterns.map(\.id))
        patternIndex.withLock { index in
          // Gone, which the next update finds too, or damaged.
          for id in ids where !readable.contains(id) { index?.giveUp(id) }
        }
        try await embed(patterns, by: embedder)
      }
    }
  }

  private func updatePatternIndex(by embedder: some Embedder) async throws {
    let store = try store
    let filling = try coordinator.cacheState().filling
    let watermark = patternIndex.withLock { known in
      known.flatMap {
        $0.filling == filling && $0.model == embedder.model && $0.dimension == embedder.dimension
          ? $0.watermark : nil
      }
    }
    if let watermark {
      let changes = try await store.patternChanges(after: watermark)
      if !changes.isTrimmed { return try await apply(changes, of: store) }
    }
    try await fillPatternIndex(
      from: store,
      PatternIndex(
        filling: filling, model: embedder.model, dimension: embedder.dimension,
        // Read before the patterns: what is written meanwhile is in the log behind it.
        watermark: try await store.lastChangeSequence()))
  }

  private func apply(_ changes: PatternChanges, of store: DurableStore) async throws {
    let ids = changes.patternIDs.union(changes.embeddedIDs).sorted()
    for batch in ids.batches(of: Self.patternsAtOnce) {
      guard let model = patternIndex.withLock({ $0?.model }) else { return }
      let entries = try await store.patternEntries(ids: batch, model: model)
      let known = patternIndex.withLock { index in
        entries.map { entry in
          entry.embeddingID.map { $0 == index?.embeddingID(of: entry.id) } ?? true
        }
      }
      let new = zip(entries, known).filter { !$1 }.compactMap(\.0.embeddingID)
      let vectors = try await vectors(ofPatternEmbeddings: new, model: model, from: store)
      let present = Set(entries.map(\.id))
      try patternIndex.withLock { index in
        for id in batch where !present.contains(id) { index?.remove(id) }
        for entry in entries {
          try index?.put(entry, vector: entry.embeddingID.flatMap { vectors[$0] })
        }
      }
    }
    patternIndex.withLock { $0?.watermark = changes.last }
  }

  private func fillPatternIndex(from store: DurableStore, _ empty: PatternIndex) async throws {
    var index = empty
    var row: Int64 = 0
    while let page = try await store.patternEntries(
      model: index.model, after: row, limit: Self.patternsAtOnce)
    {
      try Task.checkCancellation()
      let vectors = try await vectors(
        ofPatternEmbeddings: page.entries.compactMap(\.embeddingID), model: index.model,
        from: store)
      for entry in page.entries {
        try index.put(entry, vector: entry.embeddingID.flatMap { vectors[$0] })
      }
      row = page.end
    }
    patternIndex.withLock { $0 = index }
  }

  /// Vectors from the cache, and from the store where the cache lacks some. What a number stands for never changes.
  private func vectors(
    ofPatternEmbeddings ids: [UInt64], model: String, from store: DurableStore
  ) async throws -> [UInt64: [Float]] {
    if ids.isEmpty { return [:] }
    var vectors: [UInt64: [Float]] = [:]
    vectors.reserveCapacity(ids.count)
    do {
      try records.withEmbeddings(ids: ids) { place, view in
        if view.ownerKind == .pattern, view.isOf(model: model) { vectors[ids[place]] = view.vector }
      }
    } catch {
      logger.debug("vectors of patterns are read from the store: \(error)")
    }
    let missing = ids.filter { vectors[$0] == nil }.compactMap { Int64(exactly: $0) }
    for stored in try await missing.isEmpty ? [] : store.embeddings(ids: missing) {
      if let id = UInt64(exactly: stored.id) { vectors[id] = stored.embedding.vector }
    }
    return vectors
  }

  private static let patternsAtOnce = 2000
}
