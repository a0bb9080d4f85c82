internal import Cache
internal import DurableStore
internal import Logging
internal import Sync
internal import Synchronization
internal import Vamana

// The cache is never the only copy: what turns out to be damaged is read from the durable store again.
extension Memory {
  /// Puts records that reads found damaged into the cache again.
  ///
  /// - Returns: how many; 0 when none is known to be damaged.
  func healRecords() async throws -> Int {
    // Without its store the cache may be the last copy: what is sound of it stays.
    if records.knownDamage().isEmpty || isStoreAway { return 0 }
    let damage = records.takeDamage()
    let count =
      damage.episodeIDs.count + damage.patternIDs.count + damage.heuristicIDs.count
      + damage.embeddingIDs.count
    logger.warning("\(count) records of the cache are damaged; they are read again")
    var isMended = false
    if !damage.isWidespread { isMended = try await putAgain(damage) }
    if !isMended { try await refillRecords() }
    snapshot.withLock { $0 = nil }
    return count
  }

  /// - Returns: false when that does not mend it: the store has no such record, so that it is the key that
  ///   is damaged, or another process changed the cache meanwhile.
  private func putAgain(_ damage: CacheDamage) async throws -> Bool {
    var batch = CacheBatch()
    // Only what is as new as the cache may be put.
    batch.expectedWatermark = try records.watermark ?? 0
    batch.episodes = try await store.episodes(ids: damage.episodeIDs.sorted())
    batch.patterns = try await store.patterns(ids: damage.patternIDs.sorted())
    for id in damage.heuristicIDs {
      if let heuristic = try await store.heuristic(id: id) { batch.heuristics.append(heuristic) }
    }
    batch.embeddings = try await store.embeddings(
      ids: damage.embeddingIDs.compactMap { Int64(exactly: $0) }.sorted()
    ).map { CachedEmbedding(id: UInt64($0.id), embedding: $0.embedding) }
    guard batch.episodes.count == damage.episodeIDs.count,
      batch.patterns.count == damage.patternIDs.count,
      batch.heuristics.count == damage.heuristicIDs.count,
      batch.embeddings.count == damage.embeddingIDs.count
    else { return false }
    return try await lane.run { [records, batch] in try records.apply(batch).applied }
  }

  /// Empties the records of the cache and fills them again.
  @discardableResult
  func refillRecords() async throws -> SyncReport {
    let report = try await coordinator.refill(includesSegments: false)
    snapshot.withLock { $0 = nil }
    return report
  }

  /// Drops the segments of the cache that are not what was published, and carries them again.
  ///
  /// - Returns: whether there were any.
  func healSegments() async throws -> Bool {
    if isStoreAway { return false }
    let damaged = try await checkLane.run { try self.damagedSegments() }
    if damaged.isEmpty { return false }
    logger.warning("index segments \(damaged) of the cache are damaged; they are carried again")
    snapshot.withLock { $0 = nil }
    try await lane.run { [segments] in _ = try segments.delete(ids: damaged) }
    try await coordinator.run(.manual)
    return true
  }

  /// The segments of the cache whose image does not match its checksums.
  ///
  /// - Complexity: linear in the bytes of all segments.
  func damagedSegments() throws -> [Int64] {
    try segments.segments().map(\.id).filter { id in
      do {
        let mapped = try segments.segment(id: id)
        _ = try Segment(bytes: mapped.bytes, owner: mapped, verifyingChecksums: true)
        return false
      } catch let error as CacheError where error.reason == .segmentMissing {
        // Another process dropped it meanwhile.
        return false
      } catch let error as CacheError where error.reason != .segmentDamaged {
        throw error
      } catch {
        return true
      }
    }
  }
}
