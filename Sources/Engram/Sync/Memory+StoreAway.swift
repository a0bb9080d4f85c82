internal import Cache
internal import DurableStore
internal import Episodes
internal import Platform
internal import Sync
internal import Synchronization
internal import Vamana

extension Memory {
  /// Whether the durable store cannot be used now: searches and reads are served from the cache, and what
  /// writes fails.
  ///
  /// - Complexity: two system calls.
  public var isStoreAway: Bool { coordinator.health.isStoreAway || (try? store) == nil }

  /// The episodes that a search may return; nil for all.
  ///
  /// Where the store is away, those in the cache: what else is found could not be read.
  ///
  /// - Parameters:
  ///   - model: whose embeddings are searched; nil where none are.
  ///   - isCacheCurrent: whether the cache's state tells that of the store, so that an answer known of it holds.
  func allowedEpisodes(
    matching filter: EpisodeFilter, model: String?, isCacheCurrent: Bool = true
  ) async throws -> AllowedEpisodes? {
    if !isStoreAway, filter.isEmpty { return nil }
    func inCache() throws -> AllowedEpisodes {
      let ids = try cachedEpisodes(matching: filter).map(\.id)
      return AllowedEpisodes(
        records: RecordFilter(
          try ids.flatMap { try records.embeddingIDs(of: .episode, ownerID: $0) }), ids: ids)
    }
    if isStoreAway { return try inCache() }
    let key = AllowedEpisodes.Key(
      filter: filter, model: model, state: try coordinator.cacheState())
    if isCacheCurrent, let known = recentFilters.withLock({ $0.answer(to: key) }) { return known }
    if isCacheCurrent,
      let allowed = try retrieval.read({ index in
        index.isCurrent(at: key.state) ? try AllowedEpisodes(filter, in: index) : nil
      })
    {
      recentFilters.withLock { $0.keep(allowed, for: key) }
      return allowed
    }
    return try await reading {
      let allowed: AllowedEpisodes
      if let model {
        let owners = try await store.embeddingOwners(matching: filter, model: model)
        allowed = AllowedEpisodes(
          records: RecordFilter(owners.ids.compactMap(UInt64.init(exactly:))), ids: owners.episodes)
      } else {
        allowed = AllowedEpisodes(
          records: RecordFilter([UInt64]()), ids: try await store.episodeIDs(matching: filter))
      }
      if isCacheCurrent { recentFilters.withLock { $0.keep(allowed, for: key) } }
      return allowed
    } elseInCache: {
      try inCache()
    }
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
