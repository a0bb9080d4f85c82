internal import Cache
internal import DurableStore
internal import Episodes

extension Synchronizer {
  private static let pageSize = 500

  /// How often the comparison is made again because the store was written to meanwhile.
  private static let comparisonsMax = 3

  /// Compares the cache with the store: counts, the newest change and episode, every cached episode,
  /// pattern and heuristic, and the owner of every cached embedding; and reads every byte of the cache.
  ///
  /// - Throws: ``StoreAway``, or the error of the store or the cache.
  /// - Complexity: linear in the number of cached records.
  public func validate() async throws -> CacheValidation {
    let store = try connection.current()
    var validation = try await compare(with: store)
    for _ in 1..<Self.comparisonsMax where !validation.isSound {
      guard try await store.lastChangeSequence() != validation.lastChange else { break }
      try await run()
      validation = try await compare(with: store)
    }
    return validation
  }

  /// Makes a cache that ``validate()`` found fault with agree with the store again: it is emptied and
  /// filled, segments too. Searches go on meanwhile, and find what is there already.
  ///
  /// - Throws: as ``run(_:)``; a cache whose file is broken must be closed, and opened anew.
  public func refill() async throws -> SyncReport {
    try records.removeAll()
    try segments.delete(ids: segments.segments().map(\.id))
    var report = try await run(.manual)
    report.startedOver = true
    return report
  }

  private func compare(with store: DurableStore) async throws -> CacheValidation {
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
    validation.heuristicsInStore = inStore.rowCounts["heuristics"] ?? 0
    validation.heuristicsInCache = inCache.heuristicCount
    let verification = try records.verify()
    validation.damagedValues = verification.damagedValueCount
    validation.indexFaults = verification.indexFaultCount
    let segmentsAgree = try await compareSegments(with: store, &validation)
    try await compareEpisodes(with: store, &validation)
    try await comparePatterns(with: store, &validation)
    try await findOrphans(in: store, &validation)
    judge(&validation, segmentsAgree: segmentsAgree)
    return validation
  }

  private func judge(_ validation: inout CacheValidation, segmentsAgree: Bool) {
    let v = validation
    var checks: [CacheValidation.Check] = []
    var problems: [String] = []
    /// - Parameter faults: whether each is there, and the sentence that says so.
    func check(_ name: String, found: String, _ faults: (isThere: Bool, problem: String)...) {
      let problemsFound = faults.filter(\.isThere).map(\.problem)
      checks.append(
        CacheValidation.Check(name: name, isPassed: problemsFound.isEmpty, found: found))
      problems += problemsFound
    }
    check(
      "watermark", found: "change \(v.watermark) of \(v.lastChange)",
      (
        v.watermark != v.lastChange,
        "the cache stands at change \(v.watermark) of \(v.lastChange)"
      ))
    check(
      "counts",
      found: "\(v.episodesInCache) of \(v.episodesInStore) episodes, \(v.embeddingsInCache) of "
        + "\(v.embeddingsInStore) embeddings, \(v.patternsInCache) of \(v.patternsInStore) patterns, "
        + "\(v.heuristicsInCache) of \(v.heuristicsInStore) heuristics",
      (
        v.episodesInCache > min(v.episodesInStore, records.configuration.episodesMax),
        "\(v.episodesInCache) episodes are cached where at most "
          + "\(min(v.episodesInStore, records.configuration.episodesMax)) can be"
      ),
      (
        configuration.includesEmbeddings && v.embeddingsInCache != v.embeddingsInStore,
        "\(v.embeddingsInCache) of \(v.embeddingsInStore) embeddings are cached"
      ),
      (
        configuration.includesPatterns && v.patternsInCache != v.patternsInStore,
        "\(v.patternsInCache) of \(v.patternsInStore) patterns are cached"
      ),
      (
        configuration.includesPatterns && v.heuristicsInCache != v.heuristicsInStore,
        "\(v.heuristicsInCache) of \(v.heuristicsInStore) heuristics are cached"
      ))
    check(
      "latest", found: v.isLatestPresent ? "the latest episode is there" : "it is not there",
      (!v.isLatestPresent, "the latest episode is not cached"))
    check(
      "episodes", found: "\(v.staleEpisodes) differ from the store",
      (v.staleEpisodes > 0, "\(v.staleEpisodes) cached episodes differ from the store"))
    check(
      "patterns", found: "\(v.stalePatterns) differ from the store",
      (v.stalePatterns > 0, "\(v.stalePatterns) cached patterns differ from the store"))
    check(
      "embeddings", found: "\(v.orphanedEmbeddings) have no owner",
      (v.orphanedEmbeddings > 0, "\(v.orphanedEmbeddings) cached embeddings have no owner"))
    check(
      "segments", found: "\(v.segmentsInCache) of \(v.segmentsInStore)",
      (!segmentsAgree, "the cache holds other index segments than the store"))
    check(
      "structure",
      found: "\(v.damagedValues) damaged values, \(v.indexFaults) wrong index entries",
      (v.damagedValues > 0, "\(v.damagedValues) cached values cannot be read"),
      (v.indexFaults > 0, "\(v.indexFaults) entries of the cache's own indexes are wrong"))
    validation.checks = checks
    validation.problems = problems
  }

  private func compareSegments(
    with store: DurableStore, _ validation: inout CacheValidation
  ) async throws -> Bool {
    let published = Dictionary(
      try await store.segments().map { ($0.id, $0.checksum) },
      uniquingKeysWith: { first, _ in first })
    let cached = Dictionary(
      try segments.segments().map { ($0.id, $0.description.checksum) },
      uniquingKeysWith: { first, _ in first })
    validation.segmentsInStore = published.count
    validation.segmentsInCache = cached.count
    return published == cached
  }

  private func compareEpisodes(
    with store: DurableStore, _ validation: inout CacheValidation
  ) async throws {
    let ids = try records.episodeIDs()
    // A full cache may have evicted the latest; one with room for all has not.
    if max(ids.count + 1, validation.episodesInStore) <= records.configuration.episodesMax,
      let latest = try await store.lastInsertedEpisodeID(), !ids.contains(latest)
    {
      validation.isLatestPresent = false
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

  private func comparePatterns(
    with store: DurableStore, _ validation: inout CacheValidation
  ) async throws {
    guard configuration.includesPatterns else { return }
    for page in try records.patterns().pages(of: Self.pageSize) {
      let stored = Dictionary(
        try await store.patterns(ids: page.map(\.id)).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
      validation.stalePatterns += page.count { stored[$0.id] != $0 }
    }
    for heuristic in try records.heuristics()
    where try await store.heuristic(id: heuristic.id) != heuristic {
      validation.stalePatterns += 1
    }
  }

  private func findOrphans(
    in store: DurableStore, _ validation: inout CacheValidation
  ) async throws {
    var ids: [Int64] = []
    try records.withEmbeddings { view in
      ids.append(Int64(clamping: view.id))
      return true
    }
    for page in ids.pages(of: Self.pageSize) {
      // The store deletes embeddings with their owners: one that it does not hold has none.
      validation.orphanedEmbeddings +=
        page.count - (try await store.embeddingOwners(ids: Array(page)).count)
    }
  }
}

extension Array {
  /// The array in slices of at most `size`.
  fileprivate func pages(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min(count, $0 + size)] }
  }
}
