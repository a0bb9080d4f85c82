import Testing

@testable import Vamana

@Suite("Entry points")
struct EntryPointTests {
  private func spread(
    _ vectors: TestVectors, from start: [UInt32], adding count: Int, seed: UInt64 = 1
  ) -> [UInt32] {
    vectors.values.withUnsafeBufferPointer {
      EntryPoints.spread(
        start, adding: count,
        matrix: FloatMatrix(
          base: $0.baseAddress!, count: vectors.count, dimension: vectors.dimension), seed: seed)
    }
  }

  @Test("Points far from each other stand one in every cluster, however small")
  func oneInEachCluster() {
    // Twenty clusters far apart, of 200 rows down to a single one.
    var rows: [[Float]] = []
    var clusters: [Int] = []
    for cluster in 0..<20 {
      for row in 0..<max(1, 200 >> cluster) {
        rows.append([Float(cluster) * 100, Float(row % 7) * 0.1, Float(row % 5) * 0.1])
        clusters.append(cluster)
      }
    }
    let chosen = spread(TestVectors(rows: rows), from: [0], adding: 19)
    #expect(chosen.count == 20)
    #expect(chosen.first == 0)
    #expect(Set(chosen.map { clusters[Int($0)] }) == Set(0..<20))
  }

  @Test("Each is as far as can be from those before")
  func farthestFirst() {
    let vectors = TestVectors(count: 150, dimension: 6, seed: 83)
    let chosen = spread(vectors, from: [17, 3], adding: 12)
    #expect(chosen.prefix(2) == [17, 3])
    #expect(Set(chosen).count == 14)
    func gap(_ node: Int, to others: ArraySlice<UInt32>) -> Float {
      others.map { other in
        zip(vectors.row(node), vectors.row(Int(other)))
          .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }.min() ?? .infinity
    }
    for index in 2..<chosen.count {
      let before = chosen[..<index]
      let farthest = (0..<vectors.count).map { gap($0, to: before) }.max() ?? 0
      #expect(gap(Int(chosen[index]), to: before) >= farthest * 0.9999)
    }
  }

  @Test("Rows that are all equal need one")
  func equalRows() {
    let vectors = TestVectors(rows: [[Float]](repeating: [1, 2], count: 50))
    #expect(spread(vectors, from: [4], adding: 10) == [4])
    #expect(spread(vectors, from: [], adding: 10).count == 1)
  }

  @Test("Random ones are different nodes, as many as there are at most")
  func random() {
    for (count, nodeCount) in [(0, 10), (5, 10), (10, 10), (50, 10), (3, 0)] {
      let chosen = EntryPoints.random(count, of: nodeCount, seed: 3)
      #expect(chosen.count == min(count, nodeCount))
      #expect(Set(chosen).count == chosen.count)
      #expect(chosen.allSatisfy { $0 < nodeCount })
    }
  }
}
