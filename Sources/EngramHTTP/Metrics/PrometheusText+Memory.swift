internal import DurableStore
internal import Engram
internal import Sync

extension PrometheusText {
  /// What the memory holds, and how it is. What cannot be told now is left out.
  mutating func add(_ memory: Memory) async {
    if let found = try? await memory.statistics() {
      gauge("engram_episodes", "Episodes in the durable store.", Double(found.episodes))
      gauge("engram_steps", "Steps in the durable store.", Double(found.steps))
      gauge("engram_patterns", "Patterns in the durable store.", Double(found.patterns))
      gauge("engram_heuristics", "Heuristics in the durable store.", Double(found.heuristics))
      gauge("engram_embeddings", "Embeddings in the durable store.", Double(found.embeddings))
      gauge("engram_store_bytes", "Bytes of the store's file.", Double(found.databaseBytes))
      gauge("engram_index_segments", "Segments of the vector index.", Double(found.segments))
      gauge("engram_index_bytes", "Bytes of the vector index.", Double(found.segmentBytes))
      gauge(
        "engram_unsynced_changes", "Changes of the store that the cache does not have.",
        Double(max(0, found.lastChange - found.watermark)))
    }
    if let cache = try? memory.cacheStatistics() {
      gauge("engram_cache_items", "Records in the cache.", Double(cache.items))
      gauge("engram_cache_episodes", "Episodes in the cache.", Double(cache.episodes))
      gauge(
        "engram_cache_bytes", "Bytes of the cache's files.",
        Double(cache.recordFileBytes + cache.segmentFileBytes))
      counter("engram_cache_hits_total", "Reads that the cache served.", Double(cache.process.hits))
      counter(
        "engram_cache_misses_total", "Reads that it could not serve.", Double(cache.process.misses))
      counter(
        "engram_cache_evictions_total", "Records that made room for others.",
        Double(cache.process.evictions))
    }
    let sync = memory.syncHealth
    gauge(
      "engram_store_away", "1 while the durable store cannot be reached.", sync.isStoreAway ? 1 : 0)
    counter("engram_syncs_total", "Syncs that succeeded.", Double(sync.syncCount))
    counter("engram_sync_failures_total", "Syncs that failed.", Double(sync.failureCount))
  }
}
