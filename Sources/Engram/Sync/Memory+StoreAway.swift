internal import Cache
internal import DurableStore
internal import Episodes
internal import Sync
internal import Vamana

extension Memory {
  /// Whether the durable store cannot be used now.
  var isStoreAway: Bool { coordinator.health.isStoreAway || (try? store) == nil }

  /// The records that a search may return; nil for all.
  ///
  /// Where the store is away, those of the episodes in the cache: what else is found could not be read.
  func allowedRecords(
    matching filter: EpisodeFilter, model: String
  ) async throws -> RecordFilter? {
    if !isStoreAway, filter.isEmpty { return nil }
    func inCache() throws -> [UInt64] {
      try cachedEpisodes(matching: filter).flatMap {
        try records.embeddingIDs(of: .episode, ownerID: $0.id)
      }
    }
    if isStoreAway { return RecordFilter(try inCache()) }
    return RecordFilter(
      try await reading {
        try await store.embeddingIDs(matching: filter, model: model).map(UInt64.init)
      } elseInCache: {
        try inCache()
      })
  }

  /// The episodes in the cache that meet a filter, latest start first.
  ///
  /// - Complexity: linear in the number of cached episodes.
  func cachedEpisodes(matching filter: EpisodeFilter) throws -> [Episode] {
    try records.episodes(ids: records.episodeIDs(), asUse: false)
      .compactMap { $0.flatMap { filter.matches($0) ? $0 : nil } }
      .sorted { ($0.startTime, $0.id) > ($1.startTime, $1.id) }
  }
}
