internal import Cache
internal import DurableStore
internal import Episodes

extension Synchronizer {
  private static let pageSize = 500

  /// Compares the cache with the store: counts, the newest change, every cached episode, and the owner
  /// of every cached embedding.
  ///
  /// - Throws: the error of the store or the cache.
  /// - Complexity: linear in the number of cached records.
  public func validate() async throws -> CacheValidation {
    var validation = CacheValidation()
    validation.watermark = try records.watermark ?? 0
    validation.lastChange = try await store.lastChangeSequence()
    let inStore = try await store.statistics()
    let inCache = try records.statistics()
    validation.embeddingsInStore = inStore.rowCounts["embeddings"] ?? 0
    validation.embeddingsInCache = inCache.embeddingCount
    validation.patternsInStore = inStore.rowCounts["patterns"] ?? 0
    validation.patternsInCache = inCache.patternCount
    let published = Dictionary(
      try await store.segments().map { ($0.id, $0.checksum) },
      uniquingKeysWith: { first, _ in first })
    let cached = Dictionary(
      try segments.segments().map { ($0.id, $0.description.checksum) },
      uniquingKeysWith: { first, _ in first })
    validation.segmentsInStore = published.count
    validation.segmentsInCache = cached.count
    validation.damagedValues = try records.verify().damagedValueCount
    try await compareEpisodes(&validation)
    try await findOrphans(&validation)

    var problems: [String] = []
    if validation.watermark != validation.lastChange {
      problems.append(
        "the cache stands at change \(validation.watermark) of \(validation.lastChange)")
    }
    if configuration.includesEmbeddings,
      validation.embeddingsInCache != validation.embeddingsInStore
    {
      problems.append(
        "\(validation.embeddingsInCache) of \(validation.embeddingsInStore) embeddings are cached")
    }
    if configuration.includesPatterns, validation.patternsInCache != validation.patternsInStore {
      problems.append(
        "\(validation.patternsInCache) of \(validation.patternsInStore) patterns are cached")
    }
    if published != cached {
      problems.append("the cache holds other index segments than the store")
    }
    if validation.staleEpisodes > 0 {
      problems.append("\(validation.staleEpisodes) cached episodes differ from the store")
    }
    if validation.orphanedEmbeddings > 0 {
      problems.append("\(validation.orphanedEmbeddings) cached embeddings have no owner")
    }
    if validation.damagedValues > 0 {
      problems.append("\(validation.damagedValues) cached values cannot be read")
    }
    validation.problems = problems
    return validation
  }

  private func compareEpisodes(_ validation: inout CacheValidation) async throws {
    let ids = try records.episodeIDs()
    for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
      let page = Array(ids[start..<min(ids.count, start + Self.pageSize)])
      let stored = Dictionary(
        try await store.episodes(ids: page).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
      for (id, episode) in zip(page, try records.episodes(ids: page))
      where episode == nil || stored[id] != episode {
        validation.staleEpisodes += 1
      }
    }
  }

  private func findOrphans(_ validation: inout CacheValidation) async throws {
    var ids: [UInt64] = []
    try records.withEmbeddings { view in
      ids.append(view.id)
      return true
    }
    for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
      let page = ids[start..<min(ids.count, start + Self.pageSize)].map(Int64.init)
      // The store deletes embeddings with their owners: one that it does not hold has none.
      validation.orphanedEmbeddings +=
        page.count - (try await store.embeddingOwners(ids: page).count)
    }
  }
}
