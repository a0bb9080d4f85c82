/// Order of hits, in place: the standard sort allocates memory from 64 elements on.
extension [SearchHit] {
  /// Sorts the hits, nearest first.
  ///
  /// - Complexity: O(n log n).
  mutating func sortNearestFirst() {
    guard count > 16 else { return sort(by: SearchHit.isNearer) }
    for root in stride(from: count / 2 - 1, through: 0, by: -1) { siftDown(from: root, end: count) }
    sortHeap()
  }

  /// Sorts a heap that has the farthest hit on top, nearest first.
  mutating func sortHeap() {
    for end in stride(from: count - 1, to: 0, by: -1) {
      swapAt(0, end)
      siftDown(from: 0, end: end)
    }
  }

  /// Brings the hit at `start` to its place in the heap of the hits before `end`.
  mutating func siftDown(from start: Int, end: Int) {
    var parent = start
    while true {
      var farthest = parent
      let left = 2 * parent + 1
      let right = left + 1
      if left < end, SearchHit.isNearer(self[farthest], self[left]) { farthest = left }
      if right < end, SearchHit.isNearer(self[farthest], self[right]) { farthest = right }
      guard farthest != parent else { return }
      swapAt(parent, farthest)
      parent = farthest
    }
  }
}
