internal import Cache
internal import DurableStore

extension Memory {
  /// Counts and sizes.
  public func statistics() async throws(EngramError) -> MemoryStatistics {
    try await engramErrors {
      let inStore = try await store.statistics()
      let rows = inStore.rowCounts
      let inCache = try records.statistics()
      let index = try segments.statistics()
      return MemoryStatistics(
        home: configuration.home.path, schemaVersion: try store.schemaVersion,
        episodes: rows["episodes"] ?? 0,
        steps: rows["steps"] ?? 0, patterns: rows["patterns"] ?? 0,
        heuristics: rows["heuristics"] ?? 0, embeddings: rows["embeddings"] ?? 0,
        databaseBytes: inStore.byteCount, lastChange: inStore.lastChangeSequence,
        cachedEpisodes: inCache.episodeCount, cachedEmbeddings: inCache.embeddingCount,
        cacheBytes: inCache.usedBytes, cacheHits: inCache.hits, cacheMisses: inCache.misses,
        segments: index.segmentCount, segmentBytes: index.usedBytes,
        watermark: try records.watermark ?? 0)
    }
  }
}
