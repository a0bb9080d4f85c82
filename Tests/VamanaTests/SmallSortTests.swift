import Testing

@testable import Vamana

@Suite("Sorting keys and hits")
struct SmallSortTests {
  /// Counts around every gap of Shell's method.
  private static let counts = [0, 1, 2, 3, 4, 5, 12, 13, 14, 39, 40, 41, 121, 500]

  @Test("Keys come out ascending, whatever their order", arguments: counts)
  func keys(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let random = (0..<count).map { _ in
      NeighborKey(
        distance: Float.random(in: -2...2, using: &generator),
        node: UInt32.random(in: 0..<1000, using: &generator))
    }
    let repeated = (0..<count).map { NeighborKey(distance: Float($0 % 3), node: 7) }
    for keys in [random, random.sorted(), random.sorted(by: >), repeated] {
      for limit in [0, 1, count / 2, count, count + 5] {
        var sorted = keys
        let kept = sorted.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.map { SmallSort.sort($0, count: count, keeping: limit) } ?? 0
        }
        #expect(kept == min(count, limit))
        #expect(sorted.prefix(kept) == keys.sorted().prefix(kept))
      }
    }
  }

  @Test("Hits come out nearest first, equal distances by id", arguments: counts)
  func hits(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let hits = (0..<count).map { _ in
      SearchHit(
        recordID: UInt64.random(in: 0..<1000, using: &generator),
        distance: Float(Int.random(in: -5...5, using: &generator)))
    }
    let expected = hits.sorted(by: SearchHit.isNearer)
    var sorted = hits
    sorted.sortNearestFirst()
    #expect(sorted == expected)
    for k in [1, 10, count + 1] {
      var heap = HitHeap()
      heap.begin(k: k)
      for hit in hits { heap.insert(hit) }
      var nearest = [SearchHit(recordID: 1, distance: 1)]
      heap.sort(into: &nearest)
      #expect(nearest == Array(expected.prefix(k)))
    }
  }
}
