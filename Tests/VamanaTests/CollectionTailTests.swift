import Testing
import Vamana
import VectorMath

@Suite("Tails that wait for their segments")
struct CollectionTailTests {
  @Test(
    "Several waiting tails are searched exactly, deletions at once, and all become segments",
    arguments: Metric.allCases)
  func waitingTails(metric: Metric) throws {
    let (base, queries) = TestVectors(count: 1370, dimension: 24, seed: 311).split(at: 1350)
    let gate = Gate()
    gate.hold()
    let index = try VectorIndex(
      dimension: 24, metric: metric, configuration: .small(tail: 300, closedTails: 5),
      storage: GatedStorage(gate: gate))
    let ids = (0..<1350).map(UInt64.init)
    for start in stride(from: 0, to: 1350, by: 90) {
      try index.insert(
        base.values(start..<start + 90), recordIDs: Array(ids[start..<start + 90]))
    }
    let statistics = index.statistics
    #expect(statistics.closedTailCount == 4)
    #expect(statistics.tailRowCount == 1350)
    #expect(statistics.segmentCount == 0)

    let flat = try FlatIndex((0..<1350).map(base.row), metric: metric)
    var alive = Set(ids)
    for query in 0..<20 {
      let filter = RecordFilter(alive)
      let hits = try index.search(queries.row(query))
      #expect(hits == (try flat.search(queries.row(query), k: 10, filter: filter)))
      // What was found is gone from the next search.
      #expect(try index.delete([hits[0].recordID]) == 1)
      alive.remove(hits[0].recordID)
    }
    gate.open()
    try index.flush(sealingTail: true)
    #expect(index.statistics.tailRowCount == 0)
    #expect(index.statistics.sealedRowCount <= 1350)
    #expect(index.snapshot().recordIDs == alive.sorted())
  }
}
