internal import Cache
internal import DurableStore
internal import Episodes

extension Synchronizer {
  private static let pageSize = 500
  private static let ownerPageSize = 5000
  private static let logPageSize = 5000

  func compareSegments(
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

  /// Whether the episode that started last is there, or is rightly not.
  func compareLatest(
    with store: DurableStore, _ validation: inout CacheValidation
  ) async throws {
    let newest = try await store.episodes(matching: EpisodeFilter(), limit: 1).episodes.first?.id
    guard let newest, try !records.containsEpisode(id: newest) else { return }
    // It goes last into a cache that is filled, so only dropping can have removed it: for its age, for room,
    // or because it expired and the next sweep will have it.
    let position = try records.position
    let droppedBefore = position.origin.flatMap { CacheOrigin($0).filling?.droppedBefore } ?? 0
    if try position.droppedCount > droppedBefore || records.holdsExpiredEpisode(id: newest) {
      return
    }
    // Written after the cache's last sync: then that is what is wrong, if anything.
    let pending = try await changedRecords(after: position.watermark ?? 0, in: store)
    validation.isLatestPresent = pending.contains(ChangedRecord(kind: .episode, id: newest))
  }

  func compareEpisodes(
    with store: DurableStore, _ validation: inout CacheValidation, excusesPending: Bool
  ) async throws {
    for page in try records.episodeIDs().pages(of: Self.pageSize) {
      let ids = Array(page)
      let suspects = try await differing(ids, from: store)
      validation.staleEpisodes += try await confirmed(suspects, .episode, in: store, excusesPending)
      {
        try await self.differing($0, from: store)
      }.count
    }
  }

  /// Those of the episodes that the cache holds otherwise than the store.
  private func differing(_ ids: [String], from store: DurableStore) async throws -> [String] {
    let cached = try records.episodes(ids: ids, asUse: false)
    let stored = Dictionary(
      try await store.episodes(ids: ids).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    var suspects: [String] = []
    for (id, episode) in zip(ids, cached) where episode == nil || stored[id] != episode {
      // One that was evicted or expired since the list was made is no fault.
      if episode == nil, try !records.containsEpisode(id: id) { continue }
      suspects.append(id)
    }
    return suspects
  }

  func comparePatterns(
    with store: DurableStore, _ validation: inout CacheValidation, excusesPending: Bool
  ) async throws {
    guard configuration.includesPatterns else { return }
    for page in try records.patterns().map(\.id).pages(of: Self.pageSize) {
      let suspects = try await differingPatterns(Array(page), from: store)
      validation.stalePatterns += try await confirmed(suspects, .pattern, in: store, excusesPending)
      {
        try await self.differingPatterns($0, from: store)
      }.count
    }
    let heuristics = try records.heuristics().map(\.id)
    let suspects = try await differingHeuristics(heuristics, from: store)
    validation.stalePatterns += try await confirmed(suspects, .heuristic, in: store, excusesPending)
    {
      try await self.differingHeuristics($0, from: store)
    }.count
  }

  private func differingPatterns(
    _ ids: [String], from store: DurableStore
  ) async throws -> [String] {
    let cached = try ids.map { try records.pattern(id: $0) }
    let stored = Dictionary(
      try await store.patterns(ids: ids).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    return zip(ids, cached).filter { $1 != nil && stored[$0] != $1 }.map(\.0)
  }

  private func differingHeuristics(
    _ ids: [String], from store: DurableStore
  ) async throws -> [String] {
    var found: [String] = []
    for id in ids {
      guard let cached = try records.heuristic(id: id) else { continue }
      if try await store.heuristic(id: id) != cached { found.append(id) }
    }
    return found
  }

  func findOrphans(
    in store: DurableStore, _ validation: inout CacheValidation, excusesPending: Bool
  ) async throws {
    var ids: [Int64] = []
    try records.withEmbeddings { view in
      ids.append(Int64(clamping: view.id))
      return true
    }
    for page in ids.pages(of: Self.ownerPageSize) {
      // The store deletes embeddings with their owners: one that it does not hold has none.
      let suspects = try await store.missingEmbeddings(among: Array(page)).map { String($0) }
      validation.orphanedEmbeddings += try await confirmed(
        suspects, .embedding, in: store, excusesPending
      ) {
        let ids = $0.compactMap { Int64($0) }
        return try await store.missingEmbeddings(among: ids)
          .filter { try UInt64(exactly: $0).map(self.records.containsEmbedding) ?? false }.map {
            String($0)
          }
      }.count
    }
  }

  /// Those of the records that differ for good: not for a change that the cache had not carried yet, nor
  /// for one that it carried between the two readings. A cache that is behind, and stays so, is at fault.
  ///
  /// - Parameter excusesPending: whether what the log has after the cache's watermark counts for nothing,
  ///   whether the cache moves or not.
  /// - Parameter differing: compares once more.
  private func confirmed(
    _ suspects: [String], _ kind: RecordKind, in store: DurableStore, _ excusesPending: Bool,
    differing: ([String]) async throws -> [String]
  ) async throws -> [String] {
    if suspects.isEmpty { return [] }
    // The first comparison may have read an older cache; this one reads none older than the watermark.
    let watermark = try records.watermark ?? 0
    let still = try await differing(suspects)
    let pending = try await changedRecords(after: watermark, in: store)
    guard try excusesPending || records.watermark != watermark else { return still }
    return still.filter { !pending.contains(ChangedRecord(kind: kind, id: $0)) }
  }

  /// The records that the log names after a change.
  private func changedRecords(
    after sequence: Int64, in store: DurableStore
  ) async throws -> Set<ChangedRecord> {
    var found = Set<ChangedRecord>()
    var last = max(0, sequence)
    while true {
      let changes = try await store.changes(after: last, limit: Self.logPageSize)
      for change in changes { found.insert(ChangedRecord(kind: change.kind, id: change.recordID)) }
      guard let end = changes.last, changes.count == Self.logPageSize else { return found }
      last = end.sequence
    }
  }
}

extension Array {
  /// The array in slices of at most `size`.
  fileprivate func pages(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min(count, $0 + size)] }
  }
}
