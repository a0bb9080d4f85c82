/// The caller's ids of the nodes, ascending.
struct RecordIDList {
  // SAFETY: `ids` has `count` elements, kept valid by whoever made the list.
  let ids: UnsafePointer<UInt64>
  let count: Int

  @inline(__always)
  subscript(node: Int) -> UInt64 { UInt64(littleEndian: ids[node]) }

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

  /// The nodes of the filter's records that are in the list: a merge of two ascending lists.
  func nodes(of filter: RecordFilter) -> [UInt32] {
    var nodes: [UInt32] = []
    guard let first = filter.recordIDs.first else { return nodes }
    var node = lowerBound(of: first)
    for wanted in filter.recordIDs {
      // Jumps where the filter is sparse, steps where it is dense.
      var step = 1
      while node + step < count, self[node + step] <= wanted {
        node += step
        step *= 2
      }
      while node < count, self[node] < wanted { node += 1 }
      guard node < count else { break }
      if self[node] == wanted { nodes.append(UInt32(node)) }
    }
    return nodes
  }
}
