import Testing
import VectorMath

@testable import Vamana

@Suite("Distances of given records")
struct RecordDistanceTests {
  @Test(
    "Records are as far as a search says, wherever their ids stand; others have no distance",
    arguments: Metric.allCases)
  func likeASearch(metric: Metric) throws {
    let seed: UInt64 = 0xd157
    print("seed \(seed)")
    let (base, queries) = TestVectors(count: 820, dimension: 33, seed: seed).split(at: 800)
    var generator = SeededGenerator(seed: seed)
    // With gaps of all sizes.
    var next: UInt64 = 5
    let ids = (0..<base.count).map { _ in
      next += UInt64.random(in: 1...3, using: &generator)
      if Int.random(in: 0..<40, using: &generator) == 0 {
        next += UInt64.random(in: 1...100_000, using: &generator)
      }
      return next
    }
    let image = try base.values.withUnsafeBufferPointer {
      try SegmentBuilder.build(
        vectors: $0, dimension: base.dimension, recordIDs: ids, metric: metric)
    }
    let segment = try Segment(image)
    let scratch = SearchScratch()
    for index in 0..<queries.count {
      let query = queries.row(index)
      let hits = try segment.search(
        query, parameters: SearchParameters(k: base.count, listSize: base.count))
      #expect(hits.count == base.count)
      let others: [UInt64] = [0, 4, ids.last! + 1, .max]
      let wanted = hits.map(\.recordID) + others
      let distances = try query.withUnsafeBufferPointer {
        try segment.distances(of: wanted, from: $0, scratch: scratch)
      }
      #expect(distances.suffix(others.count).allSatisfy { $0 == nil })
      for (hit, distance) in zip(hits, distances) { #expect(distance == hit.distance) }
    }
  }

  @Test("Of every id of a list the node is found, and of none that it lacks")
  func nodes() {
    var generator = SeededGenerator(seed: 77)
    for count in [1, 2, 3, 10, 1000] {
      for gapMax: UInt64 in [1, 2, 1 << 20, 1 << 53] {
        var next = UInt64.random(in: 0...1000, using: &generator)
        let ids = (0..<count).map { _ in
          next += UInt64.random(in: 1...gapMax, using: &generator)
          return next
        }
        ids.withUnsafeBufferPointer {
          let list = RecordIDList(ids: $0.baseAddress!, count: count)
          #expect(ids.map { list.node(of: $0) } == Array(0..<count))
          let known = Set(ids)
          let others = ids.flatMap { [$0 - 1, $0 + 1] }.filter { !known.contains($0) } + [0, .max]
          #expect(others.allSatisfy { list.node(of: $0) == nil })
        }
      }
    }
    let none: [UInt64] = [0]
    none.withUnsafeBufferPointer {
      #expect(RecordIDList(ids: $0.baseAddress!, count: 0).node(of: 0) == nil)
    }
  }

  @Test("Ids in no order end no program, and no node has another id than was asked for")
  func unsorted() {
    var generator = SeededGenerator(seed: 78)
    for _ in 0..<200 {
      let ids = (0..<40).map { _ in UInt64.random(in: 0...60, using: &generator) }
      ids.withUnsafeBufferPointer {
        let list = RecordIDList(ids: $0.baseAddress!, count: $0.count)
        for id: UInt64 in 0...60 {
          if let node = list.node(of: id) { #expect(ids[node] == id) }
        }
      }
    }
  }
}
