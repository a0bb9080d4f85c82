/// The nearest `k` of the hits offered: a heap with the farthest on top.
struct HitHeap {
  private var k = 0
  private var hits: [SearchHit] = []

  var count: Int { hits.count }

  /// Hits farther than this cannot enter.
  @inline(__always)
  var threshold: Float { hits.count < k ? .infinity : hits.first?.distance ?? -.infinity }

  /// Empties the heap and keeps its memory.
  mutating func begin(k: Int) {
    self.k = k
    hits.removeAll(keepingCapacity: true)
  }

  /// - Complexity: O(log k).
  mutating func insert(_ hit: SearchHit) {
    if hits.count < k {
      hits.append(hit)
      siftUp(from: hits.count - 1)
    } else if let farthest = hits.first, SearchHit.isNearer(hit, farthest) {
      hits[0] = hit
      hits.siftDown(from: 0, end: hits.count)
    }
  }

  /// Replaces `out` by the hits, nearest first; the heap is in no order afterwards.
  ///
  /// Copied: an array that both held would be allocated anew by the next search.
  mutating func sort(into out: inout [SearchHit]) {
    hits.sortHeap()
    out.removeAll(keepingCapacity: true)
    out.append(contentsOf: hits)
  }

  private mutating func siftUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard SearchHit.isNearer(hits[parent], hits[child]) else { return }
      hits.swapAt(parent, child)
      child = parent
    }
  }
}
