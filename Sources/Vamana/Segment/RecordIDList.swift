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

  /// The node with the id `recordID`; nil if there is none.
  ///
  /// - Complexity: O(log of how unevenly the ids stand): O(1) where they have no gaps.
  func node(of recordID: UInt64) -> Int? {
    guard count > 0, (self[0]...max(self[0], self[count - 1])).contains(recordID) else {
      return nil
    }
    let share = Double(recordID - self[0]) / Double(max(1, self[count - 1] &- self[0]))
    // Ids that were not checked may stand in any order: the place is made one of the list's.
    var low = min(count - 1, max(0, Int(share * Double(count - 1))))
    var high = low
    var step = 1
    while low > 0, self[low] > recordID {
      high = low
      low = max(0, low - step)
      step *= 2
    }
    while high < count, self[high] < recordID {
      low = high
      high = min(count, high + step)
      step *= 2
    }
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < recordID { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == recordID ? low : nil
  }
}
