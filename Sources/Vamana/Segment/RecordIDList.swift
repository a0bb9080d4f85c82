internal import VectorMath

/// The caller's ids of the nodes, ascending.
struct RecordIDList {
  // SAFETY: `ids` has `count` elements, kept valid by whoever made the list.
  let ids: UnsafePointer<UInt64>
  let count: Int

  @inline(__always)
  subscript(node: Int) -> UInt64 { UInt64(littleEndian: ids[node]) }

  /// Asks for the id of `node` ahead of its use.
  @inline(__always)
  func prefetch(_ node: Int) { DistanceKernels.prefetch(ids + node) }

  /// The first node whose id is not below `recordID`; `count` if there is none.
  ///
  /// - Complexity: O(log count).
  func lowerBound(of recordID: UInt64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < recordID { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
