internal import Cache
internal import DurableStore
internal import Embedders
internal import Logging
internal import Platform
public import Sync
internal import Synchronization
internal import TextSearch
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
  let records: RecordCache
  let segments: SegmentCache
  let coordinator: SyncCoordinator
  let logger = Logger(label: "engram.memory")
  /// For writes of the cache and for checks of it: both may wait, for other processes and for the disk.
  let lane = BlockingLane("engram.memory")
  let checkLane = BlockingLane("engram.memory.check")
  /// For maps and measurements, which take a processor for seconds. Neither waits for the other.
  let mapLane = BlockingLane("engram.memory.map")
  let measurementLane = BlockingLane("engram.memory.measurement")
  let mapTurn = LearningTurn()
  let maps = Mutex(MapCache())
  let scratches = SearchScratchPool()
  let snapshot = Mutex<IndexSnapshot?>(nil)
  let sweeper = Mutex<CacheSweeper?>(nil)
  let capacityState = Mutex(CapacityState())
  /// Words and order of the episodes; filled by the first search.
  let retrieval = ReadWriteLock(RetrievalIndex(filling: "", watermark: 0))
  let retrievalUpdate = Mutex<Task<Void, any Error>?>(nil)
  let textScratches = TextScratchPool()
  let recentFilters = Mutex(RecentFilters())
  let worker = Mutex<BackgroundWorker?>(nil)
  let sealer = Mutex<BackgroundWorker?>(nil)
  let learningTurn = LearningTurn()
  /// What goes on beside the calls that began it.
  let tasks = BackgroundTasks()
  let patternEmbeddings = Mutex(PatternEmbeddingState())
  /// The vectors of all patterns; filled by the first question for some.
  let patternIndex = Mutex<PatternIndex?>(nil)
  let patternIndexTurn = LearningTurn()
  private let embedder = Mutex<(any Embedder)?>(nil)
  private let analyzer = Mutex<TextAnalyzer?>(nil)

  /// The durable store.
  ///
  /// Where it is away, throws `StoreAway`, which callers see as ``EngramError`` with code `storeAway`: what writes
  /// fails then, and what reads goes to the cache. It is looked for from then on, whatever else is asked for.
  var store: DurableStore {
    get throws {
      do {
        return try coordinator.connection.current()
      } catch {
        coordinator.recoverInBackground()
        throw error
      }
    }
  }

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
      memory.report(records.opening)
      memory.report(segments.opening)
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

  private init(
    configuration: MemoryConfiguration, records: RecordCache, segments: SegmentCache,
    coordinator: SyncCoordinator, openingSync: SyncReport
  ) {
    self.configuration = configuration
    self.records = records
    self.segments = segments
    self.coordinator = coordinator
    self.openingSync = openingSync
  }

  /// Opens a memory, runs `body` on it, and closes it, whatever `body` does.
  public static func using<Value>(
    _ configuration: MemoryConfiguration, isolation: isolated (any Actor)? = #isolation,
    _ body: (Memory) async throws -> Value
  ) async throws -> Value {
    let memory = try await open(configuration)
    do {
      let value = try await body(memory)
      await memory.close()
      return value
    } catch {
      await memory.close()
      throw error
    }
  }

  /// Ends the use of the memory. Every call after it throws.
  ///
  /// Returns when everything that the memory does by itself has ended, so that the program may end at once:
  /// learning in the background stops after the texts that it is embedding, and what is left in the queue is
  /// learned from when the memory is next opened; a part of the index that is being sealed stays in the tail. Calls of other tasks that are under way are not waited for.
  public func close() async {
    await stopLearning()
    await stopSealing()
    let sweeper = self.sweeper.withLock { sweeper in
      defer { sweeper = nil }
      return sweeper
    }
    await sweeper?.stop()
    let update = retrievalUpdate.withLock { $0 }
    update?.cancel()
    _ = await update?.result
    await flushAccesses()
    await tasks.close()
    await coordinator.close()
    // So that what was read here is evicted later by others too. The order of use is not worth an error.
    _ = try? records.sweep()
    snapshot.withLock { $0 = nil }
    patternIndex.withLock { $0 = nil }
    maps.withLock { $0 = MapCache() }
    records.close()
    segments.close()
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

  /// What takes texts apart into words, made when first needed.
  func currentAnalyzer() throws -> TextAnalyzer {
    try analyzer.withLock { analyzer in
      if let analyzer { return analyzer }
      let made = try TextAnalyzer()
      analyzer = made
      return made
    }
  }

  private func report(_ opening: CacheOpening) {
    if case .rebuilt(let reason, let setAside) = opening {
      logger.warning("\(reason); moved to \(setAside), filling a new cache")
    }
  }
}
