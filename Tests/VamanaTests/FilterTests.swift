import Testing
import Vamana
import VectorMath

@Suite("Filtered search")
struct FilterTests {
  @Test("Exactly min(k, matches) records come back", arguments: [0, 1, 3, 10, 57, 2000])
  func exactlyAsManyAsMatch(matchCount: Int) throws {
    let base = TestVectors(count: 2000, dimension: 12, seed: 71)
    let segment = try Segment(base.build(metric: .cosine))
    var generator = SeededGenerator(seed: 72)
    let allowed = Array((0..<UInt64(2000)).shuffled(using: &generator).prefix(matchCount))
    let filter = RecordFilter(allowed)
    let flat = try base.flat(metric: .cosine)
    for index in 0..<20 {
      let hits = try segment.search(
        base.row(index), parameters: SearchParameters(k: 10), filter: filter)
      let truth = try flat.search(base.row(index), k: 10, filter: filter)
      #expect(hits.count == min(10, matchCount))
      #expect(hits.map(\.recordID) == truth.map(\.recordID))
    }
  }

  @Test("Records that the segment does not hold do not disturb")
  func foreignRecords() throws {
    let base = TestVectors(count: 100, dimension: 6, seed: 73)
    let segment = try Segment(
      base.build(metric: .cosine, recordIDs: (0..<100).map { UInt64($0 * 10 + 5) }))
    let hits = try segment.search(
      base.row(0), filter: RecordFilter([1, 5, 6, 15, 16, 900, 995, 996, 5000]))
    #expect(Set(hits.map(\.recordID)) == [5, 15, 995])
    #expect(try segment.search(base.row(0), filter: RecordFilter([])).isEmpty)
  }

  @Test("Many matches are found by walking, few matches far from the query too")
  func walksWithManyMatches() throws {
    let base = TestVectors(count: 24_000, dimension: 8, clusterCount: 6, seed: 74)
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    let flat = try base.flat(metric: .squaredEuclidean)
    // Everything but the cluster of the query: the walk starts among records it may not return.
    let filter = RecordFilter((0..<UInt64(24_000)).filter { $0 % 6 != 0 || $0 % 12 == 0 })
    #expect(filter.count > 20_000)
    var found = 0
    for index in 0..<20 {
      let query = base.row(index * 6)
      let hits = try segment.search(query, parameters: SearchParameters(k: 10), filter: filter)
      #expect(hits.count == 10)
      #expect(hits.allSatisfy { filter.contains($0.recordID) })
      let truth = Set(try flat.search(query, k: 10, filter: filter).map(\.recordID))
      found += hits.count { truth.contains($0.recordID) }
    }
    print("seed 74: filtered recall@10 \(Double(found) / 200)")
    #expect(found >= 190)
  }
}
