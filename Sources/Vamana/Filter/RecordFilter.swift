/// The records that a search may return.
public struct RecordFilter: Sendable {
  /// Ascending, without repeats.
  public let recordIDs: [UInt64]

  /// - Parameter recordIDs: in any order; repeats are dropped.
  /// - Complexity: O(n) if already ascending, else O(n log n).
  public init(_ recordIDs: [UInt64]) {
    if zip(recordIDs, recordIDs.dropFirst()).allSatisfy({ $0 < $1 }) {
      self.recordIDs = recordIDs
    } else {
      self.recordIDs = Set(recordIDs).sorted()
    }
  }

  public func contains(_ recordID: UInt64) -> Bool {
    var low = 0
    var high = recordIDs.count
    while low < high {
      let middle = (low + high) / 2
      if recordIDs[middle] < recordID { low = middle + 1 } else { high = middle }
    }
    return low < recordIDs.count && recordIDs[low] == recordID
  }
}
