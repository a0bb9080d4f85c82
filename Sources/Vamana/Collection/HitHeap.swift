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
      siftDown(from: 0)
    }
  }

  /// The hits, nearest first; the heap is in no order afterwards.
  mutating func sort() -> [SearchHit] {
    hits.sort(by: SearchHit.isNearer)
    return hits
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

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      var farthest = parent
      let left = 2 * parent + 1
      let right = left + 1
      if left < hits.count, SearchHit.isNearer(hits[farthest], hits[left]) { farthest = left }
      if right < hits.count, SearchHit.isNearer(hits[farthest], hits[right]) { farthest = right }
      guard farthest != parent else { return }
      hits.swapAt(parent, farthest)
      parent = farthest
    }
  }
}
