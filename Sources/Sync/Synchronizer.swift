public import Cache
public import DurableStore
internal import Logging

/// Carries records and index segments from the durable store to the cache.
///
/// Incremental: it reads the change log after the cache's watermark, and writes each batch and the new
/// watermark in one cache transaction, so that a sync cut off anywhere goes on from its last batch.
/// Runs of one synchronizer take turns; runs of other processes are noticed by the watermark.
public actor Synchronizer {
  let store: DurableStore
  let records: RecordCache
  let segments: SegmentCache
  let configuration: SyncConfiguration
  let logger = Logger(label: "engram.sync")
  private var latest: Task<SyncReport, any Error>?

  public init(
    store: DurableStore, records: RecordCache, segments: SegmentCache,
    configuration: SyncConfiguration = SyncConfiguration()
  ) {
    self.store = store
    self.records = records
    self.segments = segments
    self.configuration = configuration
  }

  /// Brings the cache up to date.
  ///
  /// - Returns: what was done.
  /// - Throws: the error of the store or the cache, or ``SyncError``.
  /// - Complexity: linear in the number of changes since the last sync, and in the bytes of segments
  ///   that the cache lacks.
  @discardableResult
  public func run() async throws -> SyncReport {
    // Whoever calls wants what it has just written to be carried, which a run under way may have
    // passed already. Each waits for the one before it: were all to wait for the one under way, they
    // could keep the actor from it when it has ended.
    let previous = latest
    let task = Task {
      _ = await previous?.result
      return try await self.runOnce()
    }
    latest = task
    return try await task.value
  }

  private func runOnce() async throws -> SyncReport {
    let clock = ContinuousClock()
    let start = clock.now
    var report = SyncReport()
    try await carryRecords(&report)
    try await carrySegments(&report)
    let elapsed = clock.now - start
    report.seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    return report
  }
}
