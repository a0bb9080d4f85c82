internal import Cache
internal import DurableStore
internal import Episodes

extension Synchronizer {
  private static let pageSize = 500

  /// How often the comparison is made again because the store was written to meanwhile.
  private static let comparisonsMax = 3

  /// Compares the cache with the store: counts, the newest change and episode, every cached episode, and
  /// the owner of every cached embedding.
  ///
  /// - Throws: the error of the store or the cache.
  /// - Complexity: linear in the number of cached records.
  public func validate() async throws -> CacheValidation {
    var validation = try await compare()
    for _ in 1..<Self.comparisonsMax where !validation.isSound {
      guard try await store.lastChangeSequence() != validation.lastChange else { break }
      try await run()
      validation = try await compare()
    }
    return validation
  }

  private func compare() async throws -> CacheValidation {
    var validation = CacheValidation()
    validation.watermark = try records.watermark ?? 0
    validation.lastChange = try await store.lastChangeSequence()
    let inStore = try await store.statistics()
    let inCache = try records.statistics()
    validation.episodesInStore = inStore.rowCounts["episodes"] ?? 0
    validation.episodesInCache = inCache.episodeCount
    validation.embeddingsInStore = inStore.rowCounts["embeddings"] ?? 0
    validation.embeddingsInCache = inCache.embeddingCount
    validation.patternsInStore = inStore.rowCounts["patterns"] ?? 0
    validation.patternsInCache = inCache.patternCount
    let verification = try records.verify()
    validation.damagedValues = verification.damagedValueCount
    validation.indexFaults = verification.indexFaultCount
    try await compareSegments(&validation)
    try await compareEpisodes(&validation)
    try await findOrphans(&validation)
    validation.problems += problems(of: validation)
    return validation
  }

  private func problems(of validation: CacheValidation) -> [String] {
    var problems: [String] = []
    func report(_ isWrong: Bool, _ problem: @autoclosure () -> String) {
      if isWrong { problems.append(problem()) }
    }
    report(
      validation.watermark != validation.lastChange,
      "the cache stands at change \(validation.watermark) of \(validation.lastChange)")
    report(
      configuration.includesEmbeddings
        && validation.embeddingsInCache != validation.embeddingsInStore,
      "\(validation.embeddingsInCache) of \(validation.embeddingsInStore) embeddings are cached")
    report(
      configuration.includesPatterns && validation.patternsInCache != validation.patternsInStore,
      "\(validation.patternsInCache) of \(validation.patternsInStore) patterns are cached")
    report(
      validation.staleEpisodes > 0,
      "\(validation.staleEpisodes) cached episodes differ from the store")
    report(
      validation.orphanedEmbeddings > 0,
      "\(validation.orphanedEmbeddings) cached embeddings have no owner")
    report(
      validation.damagedValues > 0, "\(validation.damagedValues) cached values cannot be read")
    report(
      validation.indexFaults > 0,
      "\(validation.indexFaults) entries of the cache's own indexes are wrong")
    return problems
  }

  private func compareSegments(_ validation: inout CacheValidation) async throws {
    let published = Dictionary(
      try await store.segments().map { ($0.id, $0.checksum) },
      uniquingKeysWith: { first, _ in first })
    let cached = Dictionary(
      try segments.segments().map { ($0.id, $0.description.checksum) },
      uniquingKeysWith: { first, _ in first })
    validation.segmentsInStore = published.count
    validation.segmentsInCache = cached.count
    if published != cached {
      validation.problems.append("the cache holds other index segments than the store")
    }
  }

  private func compareEpisodes(_ validation: inout CacheValidation) async throws {
    let ids = try records.episodeIDs()
    // A full cache may have evicted the latest; one with room has not.
    if ids.count < records.configuration.episodesMax,
      let latest = try await store.lastInsertedEpisodeID(), !ids.contains(latest)
    {
      validation.problems.append("the latest episode '\(latest)' is not cached")
    }
    for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
      let page = Array(ids[start..<min(ids.count, start + Self.pageSize)])
      let stored = Dictionary(
        try await store.episodes(ids: page).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
      for (id, episode) in zip(page, try records.episodes(ids: page, asUse: false))
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
      let page = ids[start..<min(ids.count, start + Self.pageSize)].map { Int64(clamping: $0) }
      // The store deletes embeddings with their owners: one that it does not hold has none.
      validation.orphanedEmbeddings +=
        page.count - (try await store.embeddingOwners(ids: page).count)
    }
  }
}
