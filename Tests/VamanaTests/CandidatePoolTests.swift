import Testing
import VectorMath

@testable import Vamana

@Suite("The pool of candidates")
struct CandidatePoolTests {
  /// What the pool is to be: the nearest of all that were added, and which of them are expanded.
  private struct Model {
    var keys: [NeighborKey] = []
    var expanded: Set<NeighborKey> = []
    let capacity: Int

    mutating func insert(_ key: NeighborKey) {
      guard !keys.contains(key) else { return }
      keys.append(key)
      keys.sort()
      if keys.count > capacity { expanded.remove(keys.removeLast()) }
    }

    mutating func popNearest() -> UInt32? {
      guard let key = keys.first(where: { !expanded.contains($0) }) else { return nil }
      expanded.insert(key)
      return key.node
    }
  }

  private static func withPool(
    capacity: Int, _ body: (inout CandidatePool, UnsafeMutablePointer<NeighborKey>) -> Void
  ) {
    let keys = UnsafeMutablePointer<NeighborKey>.allocate(
      capacity: KeyList.room(forCapacity: capacity))
    let added = UnsafeMutablePointer<NeighborKey>.allocate(capacity: 32)
    defer {
      keys.deallocate()
      added.deallocate()
    }
    var pool = CandidatePool(keys: keys, capacity: capacity)
    body(&pool, added)
  }

  @Test(
    "Many at once, one by one and mixed: the nearest are kept and come in order",
    arguments: [1, 2, 7, 8, 15, 16, 40, 63, 64, 65, 130], DistanceKernels.available.map(\.name))
  func nearest(capacity: Int, kernels name: String) throws {
    let kernels = try #require(DistanceKernels(named: name))
    var generator = SeededGenerator(seed: 91)
    Self.withPool(capacity: capacity) { pool, added in
      var model = Model(capacity: capacity)
      for round in 0..<80 {
        let count = Int.random(in: 0...9, using: &generator)
        for index in 0..<count {
          // Few nodes and distances, so that some come again.
          let node = UInt32.random(in: 0..<UInt32(4 * capacity), using: &generator)
          added[index] = NeighborKey(distance: Float(node % 37) - 18, node: node)
        }
        if round % 4 == 3 {
          for index in 0..<count { pool.insert(added[index]) }
        } else {
          pool.insert(added, count: count, kernels: kernels)
        }
        for index in 0..<count { model.insert(added[index]) }
        #expect((0..<pool.count).map { pool[$0] & ~1 } == model.keys)
        let next = pool.next
        let wanted = model.popNearest()
        #expect((next == .none ? nil : next.node) == wanted)
        #expect(pool.popNearest() == wanted)
        if round % 5 == 0 { #expect(pool.popNearest() == model.popNearest()) }
        #expect(
          pool.threshold == (pool.count == capacity ? model.keys.last?.distance : .infinity))
      }
      while let node = model.popNearest() { #expect(pool.popNearest() == node) }
      #expect(pool.popNearest() == nil && pool.next == .none)
    }
  }

  @Test("What is beyond the limit is not expanded, and stays")
  func limit() {
    Self.withPool(capacity: 8) { pool, added in
      for node in 0..<4 {
        added[node] = NeighborKey(distance: Float(node), node: UInt32(node))
      }
      pool.insert(added, count: 4, kernels: .best)
      #expect(pool.popNearest(within: 0.5) == 0)
      #expect(pool.popNearest(within: 0.5) == nil)
      #expect(pool.next.node == 1)
      #expect(pool.popNearest(within: 1) == 1)
    }
  }
}
