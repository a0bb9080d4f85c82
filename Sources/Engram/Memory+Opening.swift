internal import Cache
internal import DurableStore
internal import Logging
internal import Platform
internal import Sync

extension Memory {
  /// Opens a memory, and makes its home folder if there is none.
  ///
  /// Where the durable store cannot be reached but a cache of it is there, the memory opens all the same:
  /// searches and reads are served from the cache until the store is back; see ``syncHealth``.
  ///
  /// - Throws: ``EngramError`` when the home cannot be used, or what is there is no memory.
  public static func open(
    _ configuration: MemoryConfiguration = MemoryConfiguration()
  ) async throws(EngramError) -> Memory {
    do {
      try configuration.validate()
    } catch {
      throw EngramError(error)
    }
    try configuration.home.makeDirectories()
    return try await engramErrors {
      // Other processes may hold the locks of the caches, and a large one is checked.
      let (records, segments) = try await BlockingLane("engram.memory.open").run {
        (
          try RecordCache.open(
            at: configuration.home.recordCachePath,
            configuration: RecordCacheConfiguration(configuration)),
          try SegmentCache.open(
            at: configuration.home.segmentCachePath,
            mapBytes: configuration.cache.addressSpaceBytes)
        )
      }
      let path = configuration.home.databasePath
      let mayCreate: @Sendable () -> Bool = {
        // A cache that has records is of a store that was here, and so was one that could not be used.
        (try? records.watermark) == nil
          && !RecordCache.wasSetAside(at: configuration.home.recordCachePath)
      }
      let fileConnection = StoreConnection(path: path, mayCreate: mayCreate) {
        configuration.home.makeDatabaseFile()
        return try await DurableStore.open(path: path, configuration: configuration.store)
      }
      let connection =
        configuration.openStore.map { open in
          StoreConnection(elsewhere: {
            var store = configuration.store
            store.mayCreate = store.mayCreate && mayCreate()
            return try await open(store)
          })
        } ?? fileConnection
      let coordinator = SyncCoordinator(
        connection: connection,
        synchronizer: Synchronizer(
          connection: connection, records: records, segments: segments,
          configuration: configuration.sync),
        retries: configuration.sync.retries)
      // What another process wrote while this one was away, and all of it into a new cache.
      var openingSync = SyncReport()
      var problem: (any Error)?
      do {
        openingSync = try await coordinator.run(.startUp)
      } catch {
        try accept(error, coordinator, records)
        problem = error
      }
      let memory = Memory(
        configuration: configuration, records: records, segments: segments,
        coordinator: coordinator, openingSync: openingSync)
      if let problem {
        memory.logger.warning("the cache is not up to date: \(problem)")
        if StoreAway.isMeant(by: problem) { coordinator.recoverInBackground() }
      }
      for repair in memory.openingRepairs { memory.logger.warning("\(repair)") }
      memory.startSweeper()
      memory.startLearning()
      memory.startSealing()
      // Without its store it has no limits yet.
      _ = try? await memory.lookedUpLimits()
      return memory
    }
  }

  /// Whether a memory is of use though its first sync failed.
  ///
  /// - Throws: `error`, or what is behind it, if not.
  private static func accept(
    _ error: any Error, _ coordinator: SyncCoordinator, _ records: RecordCache
  ) throws {
    // A damaged segment or record, a full disk: the memory serves what it has, and what repairs it
    // (an index build, a delete) needs it open. ``sync(_:)`` throws the error.
    if (try? coordinator.connection.current()) != nil { return }
    // Without its store a memory is of use where it has a cache.
    if StoreAway.isMeant(by: error), try records.watermark != nil { return }
    coordinator.connection.close()
    throw (error as? StoreAway)?.underlying ?? error
  }
}
