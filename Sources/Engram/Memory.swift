internal import Cache
internal import DurableStore
internal import Embedders
internal import Logging
public import Sync
internal import Synchronization
internal import Vamana

/// An agent's episodic memory.
///
/// ```swift
/// let memory = try await Memory.open(MemoryConfiguration(home: Home(path: "memory")))
/// let episode = try await memory.startEpisode(NewTask("Fix the flaky login test"))
/// try await memory.logStep(NewStep(tool: "grep", action: "find the timeout"), in: episode.id)
/// try await memory.completeEpisode(
///   episode.id, outcome: .success(verdict: "raised the timeout", artifacts: []))
/// let results = try await memory.search(SearchRequest("login test fails now and then"))
/// ```
///
/// Every write is durable when it returns, and found by the next search. Any number of tasks may use
/// one memory, and any number of processes one home.
public final class Memory: Sendable {
  public let configuration: MemoryConfiguration
  /// What was carried to the cache when the memory was opened.
  public let openingSync: SyncReport
  let store: DurableStore
  let records: RecordCache
  let segments: SegmentCache
  let synchronizer: Synchronizer
  let logger = Logger(label: "engram.memory")
  let scratches = SearchScratchPool()
  let snapshot = Mutex<IndexSnapshot?>(nil)
  private let embedder = Mutex<(any Embedder)?>(nil)

  /// Opens a memory, and makes its home folder if there is none.
  ///
  /// - Throws: ``EngramError`` when the home cannot be used, or what is there is no memory.
  public static func open(
    _ configuration: MemoryConfiguration = MemoryConfiguration()
  ) async throws(EngramError) -> Memory {
    try configuration.home.makeDirectories()
    return try await engramErrors {
      let store = try await DurableStore.open(
        path: configuration.home.databasePath, configuration: configuration.store)
      let records = try RecordCache.open(
        at: configuration.home.recordCachePath,
        configuration: RecordCacheConfiguration(episodesMax: configuration.cachedEpisodesMax))
      let segments = try SegmentCache.open(at: configuration.home.segmentCachePath)
      let synchronizer = Synchronizer(
        store: store, records: records, segments: segments, configuration: configuration.sync)
      // What another process wrote while this one was away, and all of it into a new cache.
      var openingSync = SyncReport()
      var problem: (any Error)?
      do {
        openingSync = try await synchronizer.run()
      } catch {
        // A damaged segment or record, a full disk: the memory serves what it has, and what repairs it
        // (an index build, a delete) needs it open. ``sync()`` throws the error.
        problem = error
      }
      let memory = Memory(
        configuration: configuration, store: store, records: records, segments: segments,
        synchronizer: synchronizer, openingSync: openingSync)
      if let problem { memory.logger.warning("the cache is not up to date: \(problem)") }
      memory.report(records.opening)
      memory.report(segments.opening)
      return memory
    }
  }

  private init(
    configuration: MemoryConfiguration, store: DurableStore, records: RecordCache,
    segments: SegmentCache, synchronizer: Synchronizer, openingSync: SyncReport
  ) {
    self.configuration = configuration
    self.store = store
    self.records = records
    self.segments = segments
    self.synchronizer = synchronizer
    self.openingSync = openingSync
  }

  /// Ends the use of the memory. Every call after it throws.
  public func close() {
    snapshot.withLock { $0 = nil }
    records.close()
    segments.close()
    store.close()
  }

  /// Brings the cache up to date with the durable store.
  ///
  /// Writes of this memory do so by themselves; this is for what other processes wrote, and for a
  /// cache that was deleted.
  @discardableResult
  public func sync() async throws(EngramError) -> SyncReport {
    try await engramErrors { try await synchronizer.run() }
  }

  /// Compares the cache with the durable store.
  public func validateCache() async throws(EngramError) -> CacheValidation {
    try await engramErrors { try await synchronizer.validate() }
  }

  /// The embedder, made when first needed.
  func currentEmbedder() throws -> any Embedder {
    try embedder.withLock { embedder in
      if let embedder { return embedder }
      let made = try configuration.embedder()
      embedder = made
      return made
    }
  }

  /// Carries a write that has been acknowledged to the cache. A cache that cannot be written makes
  /// searches lag; it does not undo the write.
  func syncAfterWrite() async {
    do {
      try await synchronizer.run()
    } catch {
      logger.warning("the cache could not follow a write; the next sync will: \(error)")
    }
  }

  private func report(_ opening: CacheOpening) {
    if case .rebuilt(let reason, let setAside) = opening {
      logger.warning("\(reason); moved to \(setAside), filling a new cache")
    }
  }
}
