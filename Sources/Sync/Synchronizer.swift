public import Cache
public import DurableStore
internal import Logging
internal import Platform
internal import Synchronization

/// Carries records and index segments from the durable store to the cache.
///
/// Incremental: it reads the change log after the cache's watermark, and writes each batch and the new
/// watermark in one cache transaction, so that a sync cut off anywhere goes on from its last batch. A
/// cache that is new, or behind what the log still holds, is filled from the records themselves, page by
/// page, and goes on from its last page in the same way.
///
/// Runs of one synchronizer take turns; runs of other processes are noticed by the watermark. Fetching
/// and writing overlap. Memory is bounded by two transactions, however large the store.
public actor Synchronizer {
  let connection: StoreConnection
  let records: RecordCache
  let segments: SegmentCache
  let configuration: SyncConfiguration
  let logger = Logger(label: "engram.sync")
  /// For what waits on locks and disks; and one for batches, so that the next is fetched meanwhile.
  let lane = BlockingLane("engram.sync")
  let writingLane = BlockingLane("engram.sync.writer")
  /// Whether the cache could not take what was read last; a search then has to look into the store.
  nonisolated let lacksRecords = Atomic<Bool>(false)
  private var latest: Task<SyncReport, any Error>?
  /// The run that has not begun yet: whoever comes before it does can share it.
  private var waiting: Waiting?
  /// Runs begun or waiting to begin; several callers share one.
  private(set) var runCount = 0

  private struct Waiting {
    var number: Int
    var trigger: SyncTrigger
    var task: Task<SyncReport, any Error>
  }

  /// - Parameter store: one that is open and stays so.
  public init(
    store: DurableStore, records: RecordCache, segments: SegmentCache,
    configuration: SyncConfiguration = SyncConfiguration()
  ) {
    self.init(
      connection: StoreConnection(store), records: records, segments: segments,
      configuration: configuration)
  }

  public init(
    connection: StoreConnection, records: RecordCache, segments: SegmentCache,
    configuration: SyncConfiguration = SyncConfiguration()
  ) {
    self.connection = connection
    self.records = records
    self.segments = segments
    self.configuration = configuration
  }

  /// Brings the cache up to date.
  ///
  /// - Returns: what was done; by one run for all who called before it began.
  /// - Throws: ``StoreAway``, the error of the store or the cache, or ``SyncError``.
  /// - Complexity: linear in the number of changes since the last sync, and in the bytes of segments
  ///   that the cache lacks.
  @discardableResult
  public func run(_ trigger: SyncTrigger = .manual) async throws -> SyncReport {
    // Whoever calls wants what it has just written to be carried, which a run under way may have
    // passed already; the one after it has not.
    if var shared = waiting {
      if trigger.checksHealth {
        shared.trigger = trigger
        waiting = shared
      }
      return try await shared.task.value
    }
    runCount += 1
    let number = runCount
    let task = afterOthers { try await self.runOnce(number: number, asked: trigger) }
    waiting = Waiting(number: number, trigger: trigger, task: task)
    return try await task.value
  }

  /// Empties the cache and fills it from the store, whatever it holds: for one that was found damaged, or
  /// with which ``validate()`` found fault. It says that it is being filled until it is complete again.
  ///
  /// - Parameter includesSegments: whether the index segments are carried anew too.
  /// - Returns: what was done.
  /// - Throws: as ``run(_:)``; ``StoreAway`` before anything is changed. A cache whose file is broken must
  ///   be closed, and opened anew.
  @discardableResult
  public func refill(includesSegments: Bool = true) async throws -> SyncReport {
    runCount += 1
    // Whoever asks for a run from here on must not get one from before.
    waiting = nil
    return try await afterOthers {
      try await self.refillOnce(includesSegments: includesSegments)
    }.value
  }

  /// Has `body` run after all runs that were asked for before.
  private func afterOthers(
    _ body: @escaping @Sendable () async throws -> SyncReport
  ) -> Task<SyncReport, any Error> {
    let previous = latest
    let task = Task {
      _ = await previous?.result
      return try await body()
    }
    latest = task
    return task
  }

  private func refillOnce(includesSegments: Bool) async throws -> SyncReport {
    let start = ContinuousClock.now
    var report = SyncReport()
    report.trigger = .manual
    let store = try await connection.connected()
    try await checkHealth(of: store)
    if includesSegments { try await dropSegments() }
    while true {
      guard case .own(let lock) = try await turnToFill(from: records.watermark) else { continue }
      defer { withExtendedLifetime(lock) {} }
      if try await fill(from: store, isNew: false, &report) { break }
    }
    try await carryRecords(from: store, &report)
    lacksRecords.store(false, ordering: .relaxed)
    try await carrySegments(from: store, &report)
    report.startedOver = true
    report.seconds = (ContinuousClock.now - start).inSeconds
    return report
  }

  private func runOnce(number: Int, asked: SyncTrigger) async throws -> SyncReport {
    var trigger = asked
    if let shared = waiting, shared.number == number {
      trigger = shared.trigger
      waiting = nil
    }
    let start = ContinuousClock.now
    var report = SyncReport()
    report.trigger = trigger
    let store = try await connection.connected()
    if trigger.checksHealth { try await checkHealth(of: store) }
    do {
      try await carryRecords(from: store, &report)
      lacksRecords.store(false, ordering: .relaxed)
    } catch {
      if error is CacheError { lacksRecords.store(true, ordering: .relaxed) }
      throw error
    }
    try await carrySegments(from: store, &report)
    if trigger.checksHealth {
      do {
        try await trimLog(of: store, &report)
      } catch {
        // The cache has all: what is in the way of a write, such as a full disk, is in no search's.
        logger.warning("the log of changes could not be trimmed, which is tried again: \(error)")
      }
    }
    report.seconds = (ContinuousClock.now - start).inSeconds
    return report
  }

  /// Whether both sides answer, before anything is changed.
  private func checkHealth(of store: DurableStore) async throws {
    try await store.ping()
    _ = try records.watermark
    _ = try segments.statistics()
  }

  /// Changes that one statement drops: it holds up other writers.
  private static let trimCount: Int64 = 10_000

  /// Drops the oldest entries of the log when it has become a quarter longer than is to be kept. A cache
  /// that needed them finds the gap, and is filled anew.
  private func trimLog(of store: DurableStore, _ report: inout SyncReport) async throws {
    let kept = Int64(configuration.changesKept)
    let last = try await store.lastChangeSequence()
    var first = try await store.firstChangeSequence()
    guard last - first + 1 > kept + kept / 4 else { return }
    while first <= last - kept {
      let end = min(last - kept, first + Self.trimCount - 1)
      report.changesTrimmed += try await store.trimChanges(through: end)
      first = end + 1
    }
  }
}
