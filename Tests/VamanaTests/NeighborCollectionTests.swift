import Testing
import VectorMath

@testable import Vamana

@Suite("Collecting near neighbours")
struct NeighborCollectionTests {
  @Test(
    "A reservoir holds the nearest distinct keys, whatever the order and the parts they came in")
  func reservoir() {
    let seed: UInt64 = 11
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for capacity in [1, 7, 32] {
      let offered = (0..<200).map { _ in
        NeighborKey(
          distance: Float(Int.random(in: 0..<40, using: &generator)),
          node: UInt32.random(in: 1..<120, using: &generator))
      }
      // A pair has one distance: the first one met stands for the node.
      var byNode: [UInt32: NeighborKey] = [:]
      for key in offered where byNode[key.node] == nil { byNode[key.node] = key }
      let keys = Array(byNode.values)
      let expected = keys.sorted().prefix(capacity)
      for _ in 0..<5 {
        let reservoirs = NeighborReservoirs(nodeCount: 120, capacity: capacity)
        let scratch = ReservoirScratch(nodeCount: 120, capacity: capacity)
        var left = (keys + keys).shuffled(using: &generator)
        while !left.isEmpty {
          let part = Set(left.prefix(Int.random(in: 1...50, using: &generator)))
          left.removeFirst(min(left.count, part.count))
          var incoming = Array(part)
          incoming.withUnsafeMutableBufferPointer {
            reservoirs.insert($0, for: 0, scratch: scratch)
          }
        }
        // The draw above can drop keys that stood twice in one part: offer all once more.
        var all = keys
        all.withUnsafeMutableBufferPointer { reservoirs.insert($0, for: 0, scratch: scratch) }
        #expect(reservoirs.neighbors(of: 0).filter { $0 != .none } == Array(expected))
        let last = expected.count == capacity ? expected.last!.distance : .infinity
        #expect(reservoirs.threshold(of: 0) == last)
      }
    }
  }

  @Test("Short lists of keys are sorted, and cut", arguments: [0, 1, 2, 5, 40, 41, 300])
  func smallSort(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let keys = (0..<count).map { _ in UInt64.random(in: 0..<50, using: &generator) }
    for limit in [0, 1, count / 2, count, count + 5] {
      var sorted = keys
      let kept = sorted.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        return SmallSort.sort(base, count: count, keeping: limit)
      }
      #expect(Array(sorted.prefix(kept)) == Array(keys.sorted().prefix(limit)))
    }
  }

  @Test("The quantile guessed from the least of each lane is near the true one")
  func laneMinima() {
    let seed: UInt64 = 5
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var below = 0
    let trials = 400
    for _ in 0..<trials {
      let sample = (0..<128).map { _ in Float.random(in: 0..<1, using: &generator) }
      let limit = LaneMinima.quantile(sample, count: 128, share: 0.03)
      // The values are uniform: the quantile of a share is the share.
      below += Int(limit * 10_000)
    }
    let mean = Double(below) / Double(trials) / 10_000
    #expect((0.02...0.05).contains(mean), "\(mean)")
  }

  @Test("A leaf gives every vector its nearest in it, also where all are alike", arguments: [1, 0])
  func leaf(spread: Float) {
    let count = 700
    let wanted = 12
    var generator = SeededGenerator(seed: 3)
    let values = (0..<count * 16).map { _ in Float.random(in: 0...1, using: &generator) * spread }
    let lists = nearest(of: values, count: count, dimension: 16, wanted: wanted)
    var near = 0
    var all = 0
    for node in 0..<count {
      let own = lists[node].map { Int($0.node) }
      #expect(!own.contains(node))
      #expect(Set(own).count == own.count)
      var distances = [Float](repeating: 0, count: count)
      for other in 0..<count {
        for axis in 0..<16 {
          let difference = values[node * 16 + axis] - values[other * 16 + axis]
          distances[other] += difference * difference
        }
      }
      // The vector itself comes first.
      let limit = distances.sorted()[wanted] * 1.02 + 1e-6
      near += own.count { distances[$0] <= limit }
      all += own.count
    }
    // A guess of how near they are is too low for a few; those get less than they could.
    #expect(Double(all) > 0.9 * Double(wanted * count), "\(all)")
    #expect(Double(near) > 0.99 * Double(all), "\(near) of \(all)")
  }

  private func nearest(
    of values: [Float], count: Int, dimension: Int, wanted: Int
  ) -> [[NeighborKey]] {
    values.withUnsafeBufferPointer { values in
      let matrix = FloatMatrix(base: values.baseAddress!, count: count, dimension: dimension)
      let source = DistanceSource(of: matrix, workers: Workers(threadCount: 1))
      let reservoirs = NeighborReservoirs(nodeCount: count, capacity: wanted)
      let join = LeafJoin(source: source, wanted: wanted, reservoirCapacity: wanted)
      join.run(Array(0..<UInt32(count)), into: reservoirs)
      return (0..<count).map { node in reservoirs.neighbors(of: node).filter { $0 != .none } }
    }
  }
}
