internal import Cache
public import Sync
internal import Synchronization

extension Memory {
  /// Brings the cache up to date with the durable store, and opens the store if it was away.
  ///
  /// Writes and searches of this memory do so by themselves; this is for a cache that was deleted, and to
  /// see what is wrong.
  ///
  /// - Throws: ``EngramError``: `storeAway`, `storeFailed`, `cacheFailed`, `indexDamaged`.
  @discardableResult
  public func sync(_ trigger: SyncTrigger = .manual) async throws(EngramError) -> SyncReport {
    try await engramErrors {
      let report = try await coordinator.run(trigger)
      releaseDroppedSegments()
      return report
    }
  }

  /// Compares the cache with the durable store: counts, the latest episode, every cached episode and
  /// pattern, the owners of embeddings, the segments, and the structure of the cache's file.
  ///
  /// - Throws: ``EngramError`` with code `storeAway` when there is nothing to compare with, `cacheFailed`
  ///   when the file of the cache is broken.
  public func validateCache() async throws(EngramError) -> CacheValidation {
    try await engramErrors { try await coordinator.synchronizer.validate() }
  }

  /// Empties the cache and fills it from the durable store, whatever it holds.
  ///
  /// - Throws: ``EngramError`` with code `storeAway`: then the cache stays as it is.
  @discardableResult
  public func repairCache() async throws(EngramError) -> SyncReport {
    try await engramErrors {
      let report = try await coordinator.refill()
      releaseDroppedSegments()
      return report
    }
  }

  /// How the syncs of this memory have gone, and whether the durable store is away.
  public var syncHealth: SyncHealth { coordinator.health }

  /// The change sequence the cache stands at; 0 for one that is new, or cannot be read.
  public var cacheWatermark: Int64 { (try? records.watermark).map { max(0, $0) } ?? 0 }

  /// Makes a cache anew that cannot be read: it is set aside, and an empty one made in its place, which the
  /// next opening fills.
  ///
  /// - Parameter home: no memory of it may be open in this process. Other processes must be ended: they
  ///   would go on with the old cache.
  /// - Throws: ``EngramError`` with code `cacheFailed`.
  public static func discardCache(in home: Home) throws(EngramError) {
    do {
      try RecordCache.open(at: home.recordCachePath, discardsExisting: true).close()
      try SegmentCache.open(at: home.segmentCachePath, discardsExisting: true).close()
    } catch {
      throw EngramError(error)
    }
  }

  /// Carries a write that has been acknowledged to the cache. A cache that cannot be written, or that another
  /// process is filling, makes searches go to the store; it neither undoes the write nor holds it up.
  ///
  /// - Parameter added: how many episodes the write added to which namespaces, for the limits on them.
  /// - Returns: how many episodes were evicted.
  @discardableResult
  func syncAfterWrite(added: [String: Int] = [:]) async -> Int {
    let evicted = await evictAfterWrite(added: added)
    // What goes wrong is in the log and in ``syncHealth``, and is tried again.
    await coordinator.runAfterWrite()
    releaseDroppedSegments()
    noteAdded(added.values.reduce(0, +))
    return evicted
  }

  /// Brings the cache up to date before a search, if another process wrote to the durable store.
  func catchUp() async {
    await coordinator.catchUp(waitSecondsMax: configuration.sync.searchWaitSecondsMax)
  }

  /// Lets go of segments that are no longer listed: as long as they are mapped their pages in the cache's
  /// file are not used again. Searches under way keep theirs to their end.
  private func releaseDroppedSegments() {
    guard let listed = try? Set(segments.segments().map(\.id)) else { return }
    snapshot.withLock { snapshot in
      if let known = snapshot, !listed.isSuperset(of: known.segmentIDs) { snapshot = nil }
    }
  }

  /// Reads from the durable store, or from the cache where the store is away.
  func reading<Value>(
    _ inStore: () async throws -> Value, elseInCache inCache: () throws -> Value
  ) async throws -> Value {
    do {
      return try await inStore()
    } catch {
      guard StoreAway.isMeant(by: error) else { throw error }
      return try inCache()
    }
  }
}
