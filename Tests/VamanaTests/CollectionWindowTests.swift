import Testing
import Vamana
import VectorMath

@Suite("A window that slides")
struct CollectionWindowTests {
  @Test("Twenty rounds of replacing a tenth keep recall within 1 %", arguments: [true, false])
  func recallIsKept(oldestFirst: Bool) throws {
    let seed: UInt64 = 601
    let (base, queries) = TestVectors(count: 6060, dimension: 24, clusterCount: 200, seed: seed)
      .split(at: 6000)
    var generator = SeededGenerator(seed: seed)
    var configuration = VectorIndexConfiguration.small(tail: 256, fanIn: 4)
    configuration.vamana.seed = seed
    let index = try VectorIndex(dimension: 24, metric: .cosine, configuration: configuration)
    var alive = (0..<2000).map(UInt64.init)
    try index.insert(base.values(0..<2000), recordIDs: alive)
    try index.flush()
    let first = try recall(of: index, alive: alive, base: base, queries: queries)
    var worst = first
    for round in 0..<20 {
      if !oldestFirst { alive.shuffle(using: &generator) }
      #expect(try index.delete(Array(alive.prefix(200))) == 200)
      alive.removeFirst(200)
      let start = 2000 + round * 200
      let coming = (start..<start + 200).map(UInt64.init)
      try index.insert(base.values(start..<start + 200), recordIDs: coming)
      alive += coming
      try index.flush()
      #expect(index.count == 2000)
      worst = min(worst, try recall(of: index, alive: alive, base: base, queries: queries))
    }
    let statistics = index.statistics
    print(
      "seed \(seed): recall \(first) at first, \(worst) at worst; built "
        + "\(statistics.writeAmplification) times")
    #expect(first >= 0.97)
    #expect(worst >= first - 0.01)
    #expect(index.snapshot().recordIDs == alive.sorted())
  }

  private func recall(
    of index: VectorIndex, alive: [UInt64], base: TestVectors, queries: TestVectors
  ) throws -> Double {
    let flat = try base.flat(metric: .cosine)
    let filter = RecordFilter(alive)
    var found = 0
    for query in 0..<queries.count {
      let truth = Set(try flat.search(queries.row(query), k: 10, filter: filter).map(\.recordID))
      let hits = try index.search(queries.row(query), parameters: SearchParameters(listSize: 48))
      #expect(hits.count == 10)
      found += hits.count { truth.contains($0.recordID) }
    }
    return Double(found) / Double(10 * queries.count)
  }
}
