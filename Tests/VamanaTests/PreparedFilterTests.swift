import Foundation
import Testing
import VectorMath

@testable import Vamana

@Suite("Prepared filters")
struct PreparedFilterTests {
  @Test(
    "Codes of the matches find what an exact search finds, in fused and compact segments",
    arguments: Metric.allCases, [true, false])
  func codes(metric: Metric, isFused: Bool) throws {
    let (base, queries) = TestVectors(count: 1630, dimension: 32, seed: 77).split(at: 1600)
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    let segment = try Segment(base.build(metric: metric, configuration: configuration))
    let flat = try base.flat(metric: metric)
    let filter = RecordFilter((0..<UInt64(1600)).filter { $0 % 4 != 3 })
    #expect(filter.prepare(for: segment) == 1200)
    #expect(filter.matches(in: segment).prepared != nil)
    var found = 0
    var evaluated = 0
    for index in 0..<30 {
      let query = queries.row(index)
      let (hits, statistics) = try search(segment, query, filter: filter)
      evaluated += statistics.distanceEvaluationCount
      #expect(hits.count == 10)
      #expect(hits.allSatisfy { $0.recordID % 4 != 3 })
      let truth = Set(try flat.search(query, k: 10, filter: filter).map(\.recordID))
      found += hits.count { truth.contains($0.recordID) }
    }
    print(
      "seed 77, \(metric), fused \(isFused): filtered recall@10 \(Double(found) / 300), "
        + "\(evaluated / 30) distances a query")
    #expect(found >= 285)
    // A scan of all matches evaluates 1,200.
    #expect(evaluated < 30 * 600)
  }

  private func search(
    _ segment: Segment, _ query: [Float], k: Int = 10, filter: RecordFilter
  ) throws -> (hits: [SearchHit], statistics: SearchStatistics) {
    let scratch = SearchScratch()
    try query.withUnsafeBufferPointer {
      try segment.search(
        $0, parameters: SearchParameters(k: k), filter: filter, scratch: scratch)
    }
    return (scratch.hits, scratch.statistics)
  }

  @Test("Matches in clusters, near the query or far from it, are found", arguments: [true, false])
  func correlated(isPrepared: Bool) throws {
    let base = TestVectors(count: 2400, dimension: 24, clusterCount: 8, seed: 78)
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    let flat = try base.flat(metric: .squaredEuclidean)
    var found = 0
    for cluster in 0..<UInt64(8) {
      // The queries are of cluster 0: it matches once, and once none but it does.
      let filter = RecordFilter((0..<UInt64(2400)).filter { $0 % 8 == cluster })
      if isPrepared {
        #expect(filter.prepare(for: segment) == 300)
        #expect(filter.matches(in: segment).prepared != nil)
      }
      for index in 0..<5 {
        let query = base.row(index * 8)
        let hits = try segment.search(query, filter: filter)
        let truth = Set(try flat.search(query, k: 10, filter: filter).map(\.recordID))
        #expect(hits.count == 10)
        found += hits.count { truth.contains($0.recordID) }
      }
    }
    print("seed 78, prepared \(isPrepared): filtered recall@10 \(Double(found) / 400)")
    #expect(found >= 380)
  }

  @Test("Exactly min(k, matches) come back for any k", arguments: [300, 900])
  func exactlyAsManyForAnyK(matchCount: Int) throws {
    let base = TestVectors(count: 1200, dimension: 16, seed: 82)
    let segment = try Segment(base.build(metric: .innerProduct))
    let allowed = (0..<UInt64(1200)).prefix(matchCount)
    let filter = try RecordFilter(allowed)
    filter.prepare(for: segment)
    #expect(filter.matches(in: segment).prepared != nil)
    for k in [1, 10, 65, 299, 5000] {
      let hits = try segment.search(
        base.row(5), parameters: SearchParameters(k: k), filter: filter)
      #expect(hits.count == min(k, matchCount))
      #expect(Set(hits.map(\.recordID)).count == hits.count)
      #expect(hits.allSatisfy { $0.recordID < UInt64(matchCount) })
    }
  }

  @Test("Codes with more axes than a search has other room for have room")
  func manyAxes() throws {
    let base = TestVectors(count: 1200, dimension: 768, clusterCount: 4, seed: 85)
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    // Matches in few whole blocks of codes, so that nothing else asks for as much room.
    try RecordFilter(0..<1200).prepare(for: segment)
    let all = try #require(segment.filterCodes.codes)
    var groups: [[UInt32]] = []
    for place in all.groupIDs.indices {
      let lanes = Int(all.blockStarts[place]) * 16..<Int(all.blockStarts[place + 1]) * 16
      groups.append(lanes.map { all.nodes[$0] }.filter { $0 != GroupedCodes.noNode })
    }
    groups.sort { $0.count > $1.count }
    let rows = groups.prefix(17).flatMap { $0.prefix(16) }
    let filter = RecordFilter(rows.map { segment.recordID(of: Int($0)) })
    #expect(filter.prepare(for: segment) == rows.count)
    let prepared = try #require(filter.matches(in: segment).prepared)
    let axisCount = prepared.codes.groups.axes.count
    print("seed 85: \(axisCount) axes, \(prepared.codes.groupIDs.count) groups")
    let scratch = SearchScratch()
    try base.row(Int(rows[0])).withUnsafeBufferPointer {
      try segment.search($0, parameters: SearchParameters(), filter: filter, scratch: scratch)
    }
    #expect(scratch.hits.first?.recordID == UInt64(rows[0]))
    #expect(prepared.codes.blockCount * 16 < axisCount)
    #expect(scratch.distances.capacity >= axisCount)
  }

  @Test("Many copies of one row take no more than one scan of their codes")
  func copies() throws {
    let rows = [Float](repeating: 0.5, count: 8 * 1500)
    let segment = try Segment(
      rows.withUnsafeBufferPointer {
        try SegmentBuilder.build(
          vectors: $0, dimension: 8, recordIDs: (0..<UInt64(1500)).map { $0 },
          metric: .squaredEuclidean)
      })
    let filter = RecordFilter((0..<UInt64(1500)).filter { $0 % 3 != 0 })
    filter.prepare(for: segment)
    #expect(filter.matches(in: segment).prepared != nil)
    let (hits, statistics) = try search(
      segment, [Float](repeating: 0.25, count: 8), filter: filter)
    #expect(hits.count == 10)
    print("copies: \(statistics.distanceEvaluationCount) distances")
    // All codes and the rows of the first call; a scan of all matches would add 1,000.
    #expect(statistics.distanceEvaluationCount < 1500)
  }

  @Test("Rows that are all alike are found, as many as are wanted")
  func equalRows() throws {
    let row = (0..<8).map { Float($0) }
    let rows = (0..<600).flatMap { $0 < 400 ? row : row.map { 2 * $0 } }
    let segment = try Segment(
      rows.withUnsafeBufferPointer {
        try SegmentBuilder.build(
          vectors: $0, dimension: 8, recordIDs: (0..<UInt64(600)).map { $0 },
          metric: .squaredEuclidean)
      })
    let filter = RecordFilter((0..<UInt64(600)).filter { $0 % 2 == 0 })
    filter.prepare(for: segment)
    #expect(filter.matches(in: segment).prepared != nil)
    let (hits, statistics) = try search(segment, row, k: 200, filter: filter)
    print("equal rows: \(statistics.distanceEvaluationCount) distances")
    #expect(hits.map(\.recordID).sorted() == (0..<UInt64(200)).map { 2 * $0 })
  }

  @Test("A filter for several segments, a tail and dead rows gives what an exact search gives")
  func severalSegments() throws {
    let (base, queries) = TestVectors(count: 3020, dimension: 16, seed: 83).split(at: 3000)
    var configuration = VectorIndexConfiguration()
    configuration.tailRowCountMax = 1_200
    let index = try VectorIndex(dimension: 16, metric: .cosine, configuration: configuration)
    try index.insert(base.values, recordIDs: (0..<UInt64(3000)).map { $0 })
    try index.flush()
    let dead = (0..<UInt64(3000)).filter { $0 % 31 == 0 }
    try index.delete(dead)
    let filter = RecordFilter((0..<UInt64(3000)).filter { $0 % 3 != 0 })
    let snapshot = index.snapshot()
    snapshot.prepare(filter)
    for entry in snapshot.segments {
      let matches = filter.matches(in: entry.source.segment)
      #expect(matches.count < 400 || matches.prepared != nil)
    }
    let flat = try base.flat(metric: .cosine)
    let alive = RecordFilter(filter.records.subtracting(RecordBitmap(dead)))
    var found = 0
    for query in 0..<20 {
      let hits = try snapshot.search(queries.row(query), filter: filter)
      #expect(hits.count == 10)
      #expect(hits.allSatisfy { alive.contains($0.recordID) })
      let truth = Set(try flat.search(queries.row(query), k: 10, filter: alive).map(\.recordID))
      found += hits.count { truth.contains($0.recordID) }
    }
    print("seed 83: filtered recall@10 \(Double(found) / 200)")
    #expect(found >= 190)
  }

  @Test("A filter that is asked often is prepared beside, and goes on to find the same")
  func preparedInTheBackground() throws {
    let (base, queries) = TestVectors(count: 1610, dimension: 16, seed: 84).split(at: 1600)
    let segment = try Segment(base.build(metric: .cosine))
    let flat = try base.flat(metric: .cosine)
    let filter = RecordFilter((0..<UInt64(1600)).filter { $0 % 2 == 0 })
    let truth = try (0..<10).map {
      Set(try flat.search(queries.row($0), k: 10, filter: filter).map(\.recordID))
    }
    let matches = filter.matches(in: segment)
    #expect(matches.prepared == nil)
    func recall(_ searchCount: Int) throws -> Double {
      var found = 0
      for round in 0..<searchCount {
        let hits = try segment.search(queries.row(round % 10), filter: filter)
        #expect(hits.count == 10)
        found += hits.count { truth[round % 10].contains($0.recordID) }
      }
      return Double(found) / Double(10 * searchCount)
    }
    let before = try recall(200)
    for _ in 0..<600 where matches.prepared == nil {
      _ = try recall(10)
      Thread.sleep(forTimeInterval: 0.05)
    }
    #expect(matches.prepared != nil)
    let after = try recall(200)
    print("seed 84: filtered recall@10 \(before), prepared \(after)")
    #expect(before >= 0.95)
    #expect(after >= 0.95)
  }
}
