internal import Synchronization

/// A segment of an index with its dead rows. Rows are numbered by ascending record id.
struct SegmentEntry: Sendable {
  let source: SegmentSource
  var tombstones: Tombstones

  init(source: SegmentSource, tombstones: Tombstones = Tombstones()) {
    self.source = source
    self.tombstones = tombstones
  }

  var rowCount: Int { source.recordIDs.count }
  var aliveCount: Int { rowCount - tombstones.count }

  var size: MergePolicy.Size { MergePolicy.Size(rowCount: rowCount, aliveCount: aliveCount) }

  /// The living row of `recordID`, or nil.
  func row(of recordID: UInt64) -> Int? {
    guard let row = source.row(of: recordID), !tombstones.contains(row) else { return nil }
    return row
  }

  /// Deletes a record; returns whether it was here and alive.
  mutating func delete(_ recordID: UInt64) -> Bool {
    guard let row = source.row(of: recordID) else { return false }
    return tombstones.insert(row)
  }
}

/// A stored segment, shared by all snapshots that search it.
final class SegmentSource: Sendable {
  let handle: SegmentHandle
  let segment: Segment
  /// Ascending.
  let recordIDs: [UInt64]
  private let storage: any SegmentStorage
  private let isRetired = Atomic<Bool>(false)

  init(_ stored: StoredSegment, storage: any SegmentStorage) {
    handle = stored.handle
    segment = stored.segment
    recordIDs = stored.segment.recordIDs
    self.storage = storage
  }

  /// Says that no manifest names the segment any more: it is removed when the last snapshot lets go.
  func retire() { isRetired.store(true, ordering: .releasing) }

  deinit {
    if isRetired.load(ordering: .acquiring) { storage.remove(handle) }
  }

  /// The row of `recordID`, alive or not.
  ///
  /// - Complexity: O(log rows); O(1) where ids follow each other closely.
  func row(of recordID: UInt64) -> Int? {
    recordIDs.withUnsafeBufferPointer { ids in
      guard let first = ids.first, let last = ids.last, first <= recordID, recordID <= last else {
        return nil
      }
      var low = 0
      var high = ids.count - 1
      // Ids often ascend evenly: a guess by proportion, then halves on its side.
      let share = Double(recordID - first) / Double(max(1, last - first))
      var middle = min(high, Int(share * Double(high)))
      while low <= high {
        let id = ids[middle]
        if id == recordID { return middle }
        if id < recordID { low = middle + 1 } else { high = middle - 1 }
        middle = (low + high) / 2
      }
      return nil
    }
  }

  /// Copies the stored vector of row `row` to `out`.
  func copyVector(ofRow row: Int, into out: UnsafeMutablePointer<Float>) {
    // SAFETY: the caller has room for `dimension` floats; the segment holds the record, and its
    // nodes stand in the order of their ids.
    segment.copyVector(of: segment.lowerBound(of: recordIDs[row]), into: out)
  }
}
