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
  /// What of the cache could not be used when the memory was opened, a sentence each: it was set aside, and made
  /// anew from the durable store. Checks of the cache find nothing of it any more.
  public let openingRepairs: [String]
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
  let mapTurn = Turn()
  let maps = Mutex(MapCache())
  let scratches = SearchScratchPool()
  let snapshot = Mutex<IndexSnapshot?>(nil)
  let sweeper = Mutex<CacheSweeper?>(nil)
  let capacityState = Mutex(CapacityState())
  /// Words and order of the episodes; filled by the first search.
  let retrieval = ReadWriteLock(RetrievalIndex(filling: "", watermark: 0))
  let retrievalUpdate = Mutex<Task<Void, any Error>?>(nil)
  /// Episodes that this memory has stored since the index of words was last brought up to what is stored for it.
  let addedEpisodes = Atomic<Int>(0)
  let textScratches = TextScratchPool()
  let recentFilters = Mutex(RecentFilters())
  let worker = Mutex<BackgroundWorker?>(nil)
  let sealer = Mutex<BackgroundWorker?>(nil)
  let learningTurn = Turn()
  /// What goes on beside the calls that began it.
  let tasks = BackgroundTasks()
  let patternEmbeddings = Mutex(PatternEmbeddingState())
  /// The vectors of all patterns; filled by the first question for some.
  let patternIndex = Mutex<PatternIndex?>(nil)
  let patternIndexTurn = Turn()
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

  /// For ``open(_:)``.
  init(
    configuration: MemoryConfiguration, records: RecordCache, segments: SegmentCache,
    coordinator: SyncCoordinator, openingSync: SyncReport
  ) {
    self.configuration = configuration
    self.records = records
    self.segments = segments
    self.coordinator = coordinator
    self.openingSync = openingSync
    openingRepairs = [records.opening, segments.opening].compactMap { opening in
      guard case .rebuilt(let reason, let setAside) = opening else { return nil }
      return "\(reason); moved to \(setAside), filling a new cache"
    }
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
}
