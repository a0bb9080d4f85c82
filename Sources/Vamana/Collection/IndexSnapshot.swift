internal import Synchronization
public import VectorMath

/// A ``VectorIndex`` at one moment: what it held then, whatever is written, sealed or merged later.
///
/// Immutable; any number of threads may search one snapshot at once, each with a
/// ``VectorIndexScratch`` of its own. It keeps the segments it reads: hold it as long as a consistent
/// view is needed, not longer.
public final class IndexSnapshot: Sendable {
  public let dimension: Int
  public let metric: Metric
  /// The number of the last operation that the snapshot contains.
  public let operation: UInt64
  /// Oldest first.
  let segments: [SegmentEntry]
  /// Closed tails, oldest first, then the one that is filled.
  let tails: [TailView]
  /// Places of the segments, most living rows first: the order to search them in.
  let searchOrder: [Int]
  /// How many records are alive.
  public let count: Int

  init(
    dimension: Int, metric: Metric, operation: UInt64, segments: [SegmentEntry],
    tails: [TailView]
  ) {
    self.dimension = dimension
    self.metric = metric
    self.operation = operation
    self.segments = segments
    self.tails = tails
    searchOrder = segments.indices.sorted { segments[$0].aliveCount > segments[$1].aliveCount }
    count =
      segments.reduce(0) { $0 + $1.aliveCount } + tails.reduce(0) { $0 + $1.aliveCount }
  }

  /// How many segments a search visits.
  public var segmentCount: Int { segments.count }

  /// How many rows a search scans in tails, dead ones included.
  public var tailRowCount: Int { tails.reduce(0) { $0 + $1.count } }

  /// The ids of the living records, ascending.
  ///
  /// - Complexity: O(n log n).
  public var recordIDs: [UInt64] {
    var ids: [UInt64] = []
    ids.reserveCapacity(count)
    for entry in segments {
      for row in 0..<entry.rowCount where !entry.tombstones.contains(row) {
        ids.append(entry.source.recordIDs[row])
      }
    }
    for tail in tails {
      for row in 0..<tail.count where !tail.tombstones.contains(row) {
        ids.append(tail.rows.recordID(at: row))
      }
    }
    return ids.sorted()
  }

  /// The stored vector of a record (unit length for cosine), or nil if the index does not hold it.
  ///
  /// - Complexity: O(log rows) a segment, and the rows of the tails.
  public func vector(of recordID: UInt64) -> [Float]? {
    for tail in tails.reversed() {
      guard let row = tail.row(of: recordID) else { continue }
      // SAFETY: a published row of a tail that this snapshot keeps.
      return Array(UnsafeBufferPointer(start: tail.rows.vector(at: row), count: dimension))
    }
    for entry in segments {
      guard let row = entry.row(of: recordID) else { continue }
      return [Float](unsafeUninitializedCapacity: dimension) { buffer, filled in
        entry.source.copyVector(ofRow: row, into: buffer.baseAddress!)
        filled = dimension
      }
    }
    return nil
  }

  /// Whether a record is alive.
  public func contains(_ recordID: UInt64) -> Bool {
    segments.contains { $0.row(of: recordID) != nil }
      || tails.contains { $0.row(of: recordID) != nil }
  }
}
