import Testing
import VectorMath

@testable import Vamana

@Suite("Exact distances of the nearest reached")
struct RerankTests {
  @Test("The least error expected lies below what was seen, by as much as the errors vary")
  func leastError() {
    var equal = CodeErrors()
    for _ in 0..<12 { equal.add(0.25) }
    #expect(abs(equal.least - 0.25) < 1e-6)
    // Small beside what is the same for all.
    var shifted = CodeErrors()
    for index in 0..<12 { shifted.add(1000 + (index.isMultiple(of: 2) ? 0 : 0.01)) }
    #expect(shifted.least < 999.99 && shifted.least > 999.96)
    var varied = CodeErrors()
    for index in 0..<12 { varied.add(index.isMultiple(of: 2) ? 0.2 : 0.3) }
    #expect(varied.least < 0.2 - 0.1 && varied.least > -0.2)
  }

  @Test(
    "No neighbour is lost that was reached, and few nodes are scored exactly",
    arguments: Metric.allCases, [Float(0.6), 0.1, 0.03, 0.01])
  func nothingLost(metric: Metric, spread: Float) throws {
    let seed: UInt64 = 0x4e4a
    print("seed \(seed)")
    let (base, queries) = TestVectors(
      count: 4200, dimension: 48, clusterCount: 10, spread: spread, seed: seed
    )
    .split(at: 4000)
    let segment = try Segment(base.build(metric: metric))
    let scratch = SearchScratch()
    let k = 10
    // So long a list has 100 of the nodes reached ranked by their codes.
    let parameters = segment.walkParameters(
      for: SearchParameters(k: k, listSize: 600, slack: .infinity))
    var scored = 0
    var lost = 0
    for index in 0..<queries.count {
      try queries.row(index).withUnsafeBufferPointer { query in
        scratch.beginHits()
        let prepared = try segment.prepare(query, scratch: scratch, parameters: parameters)
        let reached = segment.walk(prepared, parameters: parameters, scratch: scratch)
        #expect(reached.count == 100)
        segment.rerank(reached, query: prepared, k: k, scratch: scratch)
        scored += scratch.statistics.exactDistanceEvaluationCount
        scratch.finishHits(k: k)
        let hits = scratch.hits
        scratch.beginHits()
        for place in 0..<reached.count { scratch.batch.base[place] = reached[place].node }
        segment.appendExact(count: reached.count, query: prepared, scratch: scratch)
        scratch.finishHits(k: k)
        lost += Set(scratch.hits).subtracting(hits).count
      }
    }
    let mean = Double(scored) / Double(queries.count)
    print("\(metric), spread \(spread): \(mean) nodes were scored exactly, \(lost) hits lost")
    // Where neighbours are much nearer to each other than to the mean, codes are coarse, and nearly all are scored.
    #expect(mean > Double(k) && (spread < 0.6 || mean < 40))
    #expect(lost <= 2)
  }
}
