internal import Cache
internal import DurableStore
internal import Episodes

extension Synchronizer {
  /// How often the comparison is made again because store or cache were written to meanwhile.
  private static let comparisonsMax = 5

  private static let pollMilliseconds = 10

  /// Compares the cache with the store: counts, the newest change and episode, every cached episode,
  /// pattern and heuristic, and the owner of every cached embedding; and reads every byte of the cache.
  ///
  /// Other processes may write meanwhile: counts are compared when both sides stand at the same change, and
  /// a record that differs is no fault if the log has a change of it that the cache had not carried.
  ///
  /// - Throws: ``StoreAway``, or the error of the store or the cache.
  /// - Complexity: linear in the number of cached records.
  public func validate() async throws -> CacheValidation {
    let store = try connection.current()
    var validation = CacheValidation()
    for attempt in 1...Self.comparisonsMax {
      if attempt > 1 { try await run() }
      let before = try records.position
      let last = try await store.lastChangeSequence()
      validation = try await compare(with: store, isLast: attempt == Self.comparisonsMax)
      if validation.isSound { break }
      // What was found counts if nothing has moved: neither the store nor the cache.
      if try await isStill(at: before, last, store) { break }
    }
    return validation
  }

  /// Whether store and cache stand where they stood, and do so for a moment if the cache is behind: a
  /// process may have written just before, and be about to sync.
  private func isStill(
    at position: CachePosition, _ last: Int64, _ store: DurableStore
  ) async throws -> Bool {
    let isBehind = (position.watermark ?? 0) != last
    let end = ContinuousClock.now + .seconds(isBehind ? configuration.validationWaitSeconds : 0)
    repeat {
      let now = try records.position
      guard now.watermark == position.watermark, now.origin == position.origin,
        try await store.lastChangeSequence() == last
      else { return false }
      if isBehind { try await Task.sleep(for: .milliseconds(Self.pollMilliseconds)) }
    } while ContinuousClock.now < end
    return true
  }

  /// - Parameter isLast: whether there is no other attempt if store and cache do not come to stand at the
  ///   same change.
  private func compare(
    with store: DurableStore, isLast: Bool
  ) async throws -> CacheValidation {
    var validation = CacheValidation()
    let areCountsOfOneMoment = try await compareCounts(with: store, &validation)
    let verification = try await lane.run { [records] in try records.verify() }
    validation.damagedValues = verification.damagedValueCount
    validation.indexFaults = verification.indexFaultCount
    let segmentsAgree = try await compareSegments(with: store, &validation)
    try await compareLatest(with: store, &validation)
    try await compareEpisodes(with: store, &validation, excusesPending: isLast)
    try await comparePatterns(with: store, &validation, excusesPending: isLast)
    try await findOrphans(in: store, &validation, excusesPending: isLast)
    judge(
      &validation, segmentsAgree: segmentsAgree,
      comparesCounts: areCountsOfOneMoment || !isLast)
    return validation
  }

  /// Counts both sides.
  ///
  /// - Returns: whether they stood at the same change.
  private func compareCounts(
    with store: DurableStore, _ validation: inout CacheValidation
  ) async throws -> Bool {
    let inStore = try await store.countedRecords()
    let inCache = try records.counts()
    validation.watermark = inCache.position.watermark ?? 0
    validation.lastChange = inStore.lastChange
    validation.episodesInStore = inStore.counts[.episode] ?? 0
    validation.episodesInCache = inCache.episodes
    validation.embeddingsInStore = inStore.counts[.embedding] ?? 0
    validation.embeddingsInCache = inCache.embeddings
    validation.patternsInStore = inStore.counts[.pattern] ?? 0
    validation.patternsInCache = inCache.patterns
    validation.heuristicsInStore = inStore.counts[.heuristic] ?? 0
    validation.heuristicsInCache = inCache.heuristics
    return validation.watermark == validation.lastChange
  }

  /// - Parameter comparesCounts: whether counts were made of one moment.
  private func judge(
    _ validation: inout CacheValidation, segmentsAgree: Bool, comparesCounts: Bool
  ) {
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
        comparesCounts && v.watermark != v.lastChange,
        "the cache stands at change \(v.watermark) of \(v.lastChange)"
      ))
    check(
      "counts",
      found: "\(v.episodesInCache) of \(v.episodesInStore) episodes, \(v.embeddingsInCache) of "
        + "\(v.embeddingsInStore) embeddings, \(v.patternsInCache) of \(v.patternsInStore) patterns, "
        + "\(v.heuristicsInCache) of \(v.heuristicsInStore) heuristics",
      (
        comparesCounts
          && v.episodesInCache > min(v.episodesInStore, records.configuration.episodesMax),
        "\(v.episodesInCache) episodes are cached where at most "
          + "\(min(v.episodesInStore, records.configuration.episodesMax)) can be"
      ),
      (
        comparesCounts && configuration.includesEmbeddings
          && v.embeddingsInCache != v.embeddingsInStore,
        "\(v.embeddingsInCache) of \(v.embeddingsInStore) embeddings are cached"
      ),
      (
        comparesCounts && configuration.includesPatterns && v.patternsInCache != v.patternsInStore,
        "\(v.patternsInCache) of \(v.patternsInStore) patterns are cached"
      ),
      (
        comparesCounts && configuration.includesPatterns
          && v.heuristicsInCache != v.heuristicsInStore,
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
}
