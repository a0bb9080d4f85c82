internal import Dispatch
internal import VectorMath

/// What the writer of an index knows: changed under one lock, one change at a time.
///
/// Of each record at most one row is alive, over all segments and tails.
struct IndexState {
  let dimension: Int
  let metric: Metric
  /// The number of the last insert or delete.
  var operation: UInt64
  /// Oldest first.
  var segments: [SegmentEntry]
  /// Oldest first.
  var closedTails: [Tail] = []
  /// The tail that is filled.
  var tail: Tail?
  /// No record above it was ever inserted: saves a look into every segment.
  var recordIDMax: UInt64?

  /// Threads that seal, or are about to.
  var sealThreadCount = 0
  /// Segments being built of tails.
  var sealsAtWork = 0
  var isMerging = false
  /// Segments in the running merge.
  var merging: Set<ObjectIdentifier> = []
  /// How many merges a wish for one segment may still take.
  var requestedMergesLeft = 0
  /// Segments no longer used that the last saved manifest may still name.
  var retiring: [SegmentSource] = []
  var failure: VectorIndexError?
  var isClosed = false
  var jobCount = 0
  var waiters: [DispatchSemaphore] = []
  var statistics = VectorIndexStatistics()

  init(dimension: Int, metric: Metric, operation: UInt64 = 0, segments: [SegmentEntry] = []) {
    self.dimension = dimension
    self.metric = metric
    self.operation = operation
    self.segments = segments
    recordIDMax = segments.compactMap(\.source.recordIDs.last).max()
  }

  /// What readers see from now on.
  var snapshot: IndexSnapshot {
    var tails = closedTails.map(\.view)
    if let tail, tail.count > 0 { tails.append(tail.view) }
    return IndexSnapshot(
      dimension: dimension, metric: metric, operation: operation, segments: segments,
      tails: tails)
  }

  var manifestOperation: UInt64 {
    let oldest = closedTails.first?.firstOperation ?? tail?.firstOperation
    return oldest.map { $0 - 1 } ?? operation
  }

  /// Whether background threads are at work.
  var isMaintained: Bool { sealThreadCount > 0 || isMerging }

  /// Wakes everyone who waits for a change.
  mutating func wakeAll() {
    for waiter in waiters { waiter.signal() }
    waiters.removeAll()
  }

  /// A semaphore that the next change signals; to be waited for outside of the lock.
  mutating func waiter() -> DispatchSemaphore {
    let semaphore = DispatchSemaphore(value: 0)
    waiters.append(semaphore)
    return semaphore
  }
}

extension IndexState {
  /// Appends vectors that were checked to the tail, which has room; older rows of the records die.
  mutating func append(
    _ vectors: UnsafePointer<Float>, recordIDs: UnsafeBufferPointer<UInt64>
  ) {
    for recordID in recordIDs {
      guard let recordIDMax, recordID <= recordIDMax else {
        recordIDMax = recordID
        continue
      }
      if tail?.contains(recordID) != true { _ = deleteOutsideTail(recordID) }
    }
    tail?.append(vectors, recordIDs: recordIDs)
    statistics.insertedRowCount += recordIDs.count
  }

  /// Deletes a record; returns whether it was alive.
  mutating func delete(_ recordID: UInt64) -> Bool {
    guard let recordIDMax, recordID <= recordIDMax else { return false }
    return tail?.delete(recordID) == true || deleteOutsideTail(recordID)
  }

  private mutating func deleteOutsideTail(_ recordID: UInt64) -> Bool {
    for index in closedTails.indices where closedTails[index].delete(recordID) { return true }
    for index in segments.indices where segments[index].delete(recordID) { return true }
    return false
  }

  /// Closes the tail that is filled, so that it is sealed; an empty one goes away.
  mutating func closeTail() {
    if let tail, tail.aliveCount > 0 { closedTails.append(tail) }
    tail = nil
  }

  /// Lets go of segments of which no row is alive.
  mutating func dropDeadSegments() {
    guard segments.contains(where: { $0.aliveCount == 0 }) else { return }
    segments.removeAll { entry in
      guard entry.aliveCount == 0, !merging.contains(ObjectIdentifier(entry.source)) else {
        return false
      }
      retiring.append(entry.source)
      statistics.droppedSegmentCount += 1
      return true
    }
  }
}
