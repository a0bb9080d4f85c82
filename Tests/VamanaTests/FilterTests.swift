import Testing
import Vamana
import VectorMath

@Suite("Filtered search")
struct FilterTests {
  @Test("Few matches come back in the exact order", arguments: [0, 1, 3, 10, 57, 200])
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

  @Test(
    "Exactly min(k, matches) come back for any k, ids and form of record", arguments: [true, false])
  func exactlyAsManyForAnyK(isFused: Bool) throws {
    let base = TestVectors(count: 1200, dimension: 16, seed: 75)
    let recordIDs = (0..<UInt64(1200)).map { $0 * 37 + (UInt64.max - 200_000) }
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    let segment = try Segment(
      base.build(metric: .squaredEuclidean, recordIDs: recordIDs, configuration: configuration))
    var generator = SeededGenerator(seed: 76)
    print("seed 76")
    for share in [0.001, 0.02, 0.3, 0.7, 1] {
      let allowed = recordIDs.filter { _ in Double.random(in: 0..<1, using: &generator) < share }
      let foreign = (0..<100).map { UInt64($0) * 1_000_003 }
      let filter = RecordFilter(allowed + foreign)
      for k in [1, 10, 300, 5000] {
        let hits = try segment.search(
          base.row(k % 100), parameters: SearchParameters(k: k), filter: filter)
        #expect(hits.count == min(k, allowed.count))
        #expect(Set(hits.map(\.recordID)).count == hits.count)
        #expect(hits.allSatisfy { filter.contains($0.recordID) && $0.recordID > 200_000_000 })
        #expect(zip(hits, hits.dropFirst()).allSatisfy { $0.distance <= $1.distance })
      }
    }
  }

  @Test("Ids without gaps are found across the ends of containers of every form")
  func consecutiveIDs() throws {
    let base = TestVectors(count: 1500, dimension: 6, seed: 81)
    for first in [UInt64(0), 37, 65_000, 131_071, UInt64.max - 1499] {
      let recordIDs = (0..<UInt64(1500)).map { first + $0 }
      let segment = try Segment(base.build(metric: .cosine, recordIDs: recordIDs))
      let start = first & ~0xffff
      let around = (0..<UInt64(0x1_2000)).filter { $0 <= UInt64.max - start }.map { start + $0 }
      for allowed in [
        around.filter { $0 % 3 == 1 }, around.filter { $0 % 1000 < 400 },
        recordIDs.filter { $0 % 50 == 7 },
      ] {
        let expected = recordIDs.filter(Set(allowed).contains)
        let hits = try segment.search(
          base.row(3), parameters: SearchParameters(k: 1500), filter: RecordFilter(allowed))
        #expect(hits.map(\.recordID).sorted() == expected)
      }
    }
  }
}
