internal import Cache
internal import DurableStore
internal import Logging
internal import Platform
internal import Synchronization

/// Decides when one process syncs: at once where it is asked to, before a search only if the store was
/// written to since, and after a failure not before some time has passed.
///
/// A failure is said once in the log, and so is its end; what fails the same way in between is counted in
/// ``health``.
///
/// Thread-safe.
public final class SyncCoordinator: Sendable {
  public let connection: StoreConnection
  public let synchronizer: Synchronizer
  private let retries: RetrySchedule
  /// Seconds on a clock that only moves on.
  let now: @Sendable () -> Double
  private let logger = Logger(label: "engram.sync")
  let state = Mutex(State())
  let tasks = BackgroundTasks()

  struct State {
    var health = SyncHealth()
    /// What the store's files were like before the last sync.
    var stamp: StoreStamp?
    /// Whether that stamp would have shown a write made at the same time.
    var isStampSettled = false
    /// When the last sync that went through began, and how many writes there had been by then; nil where it is not
    /// known what the store elsewhere holds.
    var asked: (at: Double, writeCount: Int)?
    /// When searches may try again; nil when nothing is wrong.
    var retryAt: Double?
    /// Looks for a store that is away.
    var recovery: Task<Void, Never>?
    var isClosed = false
  }

  public init(
    connection: StoreConnection, synchronizer: Synchronizer,
    retries: RetrySchedule = RetrySchedule(),
    now: @escaping @Sendable () -> Double = SyncCoordinator.monotonicSeconds
  ) {
    self.connection = connection
    self.synchronizer = synchronizer
    self.retries = retries
    self.now = now
  }

  /// How the syncs have gone.
  public var health: SyncHealth {
    let now = now()
    return state.withLock { state in
      var health = state.health
      health.retrySeconds = state.retryAt.map { max(0, $0 - now) } ?? 0
      return health
    }
  }

  /// Seconds until a sync that failed is to be tried again; nil unless the last one failed.
  public var secondsToRetry: Double? {
    let now = now()
    return state.withLock { state in state.retryAt.map { max(0, $0 - now) } }
  }

  /// Syncs now, whatever failed before.
  ///
  /// - Throws: ``StoreAway``, ``SyncError``, or the error of the store or the cache.
  @discardableResult
  public func run(_ trigger: SyncTrigger) async throws -> SyncReport {
    try await run(trigger) { try await $0.run(trigger) }
  }

  /// Empties the cache and fills it again, see ``Synchronizer/refill(includesSegments:)``.
  @discardableResult
  public func refill(includesSegments: Bool = true) async throws -> SyncReport {
    try await run(.manual) { try await $0.refill(includesSegments: includesSegments) }
  }

  private func run(
    _ trigger: SyncTrigger, _ body: (Synchronizer) async throws -> SyncReport
  ) async throws -> SyncReport {
    // Looked at first: what is written meanwhile makes the next search look again.
    let stamp = connection.stamp()
    let isSettled = stamp?.isSettled ?? false
    let asked = (at: now(), writeCount: connection.writeCount)
    do {
      let report = try await body(synchronizer)
      succeeded(report, trigger: trigger, stamp: stamp, isSettled: isSettled, asked: asked)
      return report
    } catch {
      // Whoever opens a memory gets the error, or says it if the memory opens all the same.
      failed(error, stamp: stamp, isSettled: isSettled, isLogged: trigger != .startUp)
      throw error
    }
  }

  /// Brings the cache up to date for a search, if the store was written to since the last sync, or the cache
  /// was emptied by another process.
  ///
  /// Never throws, and returns after `waitSecondsMax` at the latest: a search goes on with what the cache
  /// has, or with the store where ``isComplete(_:)`` says no, and the sync goes on beside it. For a cache that
  /// is being filled it waits no longer than a small one takes.
  ///
  /// A store elsewhere is not asked within ``SyncConfiguration/stalenessSeconds`` of the last sync, unless this process
  /// has written to it since.
  ///
  /// - Complexity: without news two system calls and a look into the cache, about 3 µs; a round trip to a store
  ///   elsewhere that is asked.
  public func catchUp(waitSecondsMax: Double) async {
    guard needsToCatchUp() else { return }
    let isAway = state.withLock { $0.health.failuresInARow > 0 }
    let isBeingFilled = (try? cacheState().isBeingFilled) ?? false
    let wait = isBeingFilled ? min(Self.fillWaitSecondsMax, waitSecondsMax) : waitSecondsMax
    let sync = tasks.start { _ = try? await self.run(isAway ? .recovery : .stale) }
    await sync.hasEnded(withinSeconds: wait)
  }

  /// A thousand episodes take a tenth of it.
  private static let fillWaitSecondsMax = 0.25

  /// Carries a write that has been acknowledged. Waits for it, but not while another process fills the cache,
  /// which takes as long as it takes; the sync goes on beside it then. What goes wrong is in ``health``.
  public func runAfterWrite() async {
    let sync = tasks.start { _ = try? await self.run(.afterWrite) }
    while await !sync.hasEnded(withinSeconds: Self.fillWaitSecondsMax) {
      if (try? cacheState().isBeingFilled) ?? false { return }
    }
  }

  /// Ends the syncs: waits for those under way, but no longer than `waitSecondsMax`, since another process may be
  /// filling the cache; then closes the connection, and what is not carried the next opening carries.
  public func close(waitSecondsMax: Double = 10) async {
    state.withLock { state in
      state.isClosed = true
      state.recovery?.cancel()
    }
    let end = Task { await tasks.close() }
    await end.hasEnded(withinSeconds: waitSecondsMax)
    connection.close()
  }

  /// Where the cache stands now.
  public func cacheState() throws -> CacheState { try CacheState(of: synchronizer.records) }

  /// Whether a cache in this state has what a search looks for: it is not being filled, could take what the
  /// last sync of this process brought, and is not behind what it was then.
  public func isComplete(_ cache: CacheState) -> Bool {
    !cache.isBeingFilled && !synchronizer.lacksRecords.load(ordering: .relaxed)
      && cache.watermark >= state.withLock { $0.health.watermark }
  }

  private func needsToCatchUp() -> Bool {
    let isElsewhere = connection.isElsewhere
    guard connection.path != nil || isElsewhere else { return false }
    let watermark = try? synchronizer.records.watermark
    let stamp = connection.stamp()
    let now = now()
    let writeCount = connection.writeCount
    return state.withLock { state in
      if let retryAt = state.retryAt {
        // A store that is there but cannot be carried whole, such as for a damaged segment, is tried
        // again for what was written since: records go before segments.
        let hasNews = stamp != state.stamp || !state.isStampSettled
        if !state.health.isStoreAway, stamp != nil, hasNews { return true }
        guard now >= retryAt else { return false }
        // One search tries; the others go on meanwhile.
        state.retryAt = now + retries.secondsMax
        return true
      }
      if (watermark ?? 0) < state.health.watermark { return true }
      // Others may have written a store elsewhere: only asking it tells.
      if isElsewhere {
        guard let asked = state.asked, asked.writeCount == writeCount else { return true }
        return now - asked.at >= synchronizer.configuration.stalenessSeconds
      }
      if stamp == nil || stamp != state.stamp { return true }
      // A write within the same step of the clock would not have shown. Once the clock has moved on, and
      // the stamp is the same, it is known to be what the next sync finds.
      return !state.isStampSettled
    }
  }

  private func succeeded(
    _ report: SyncReport, trigger: SyncTrigger, stamp: StoreStamp?, isSettled: Bool,
    asked: (at: Double, writeCount: Int)
  ) {
    let failures = state.withLock { state in
      let failures = state.health.failuresInARow
      state.stamp = stamp
      state.isStampSettled = isSettled
      // Of runs side by side the one that began last knows most.
      if state.asked.map({ $0.at <= asked.at }) ?? true { state.asked = asked }
      state.retryAt = nil
      state.health.isStoreAway = false
      state.health.syncCount += 1
      state.health.failuresInARow = 0
      state.health.problem = nil
      state.health.lastTrigger = trigger
      state.health.watermark = report.watermark
      return failures
    }
    // As loud as what it ends, or whoever read that would never hear of it.
    if failures > 0 {
      logger.warning("syncs go through again after \(failures) failure\(failures == 1 ? "" : "s")")
    }
  }

  private func failed(
    _ error: any Error, stamp: StoreStamp?, isSettled: Bool, isLogged: Bool
  ) {
    let problem = "\(error)"
    let chance = Double.random(in: 0...1)
    let now = now()
    let isNews = state.withLock { state in
      let isNews = state.health.problem != problem
      state.health.isStoreAway = StoreAway.isMeant(by: error)
      state.asked = nil
      state.stamp = stamp
      state.isStampSettled = isSettled
      state.health.failureCount += 1
      state.health.failuresInARow += 1
      state.health.problem = problem
      state.retryAt =
        now + retries.seconds(afterFailures: state.health.failuresInARow, chance: chance)
      return isNews
    }
    if isNews, isLogged { logger.warning("the cache is not up to date: \(problem)") }
  }

  @Sendable public static func monotonicSeconds() -> Double {
    (ContinuousClock.now - start).inSeconds
  }

  private static let start = ContinuousClock.now
}
