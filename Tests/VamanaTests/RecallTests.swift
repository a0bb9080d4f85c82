import Testing
import Vamana
import VectorMath

@Suite("Recall against exact search")
struct RecallTests {
  @Test("recall@10 is at least 0.95 in every metric", arguments: Metric.allCases)
  func recall(metric: Metric) throws {
    let (base, queries) = TestVectors(count: 4100, dimension: 48, seed: 11).split(at: 4000)
    let segment = try Segment(base.build(metric: metric))
    let recall = try recall(
      of: segment, flat: try base.flat(metric: metric), queries: queries, listSize: 40)
    print("seed 11, \(metric): recall@10 \(recall)")
    #expect(recall >= 0.95)
  }

  @Test("Inner products of vectors of very different length are found too")
  func unequalLengths() throws {
    let (plain, queries) = TestVectors(count: 3100, dimension: 32, seed: 21).split(at: 3000)
    let base = TestVectors(
      rows: (0..<plain.count).map { index in
        plain.row(index).map { $0 * (0.2 + Float(index % 17) / 4) }
      })
    let segment = try Segment(base.build(metric: .innerProduct))
    let recall = try recall(
      of: segment, flat: try base.flat(metric: .innerProduct),
      queries: queries, listSize: 80)
    print("seed 21: recall@10 \(recall)")
    #expect(recall >= 0.95)
  }

  @Test("A longer list finds no less")
  func longerListsFindMore() throws {
    let (base, queries) = TestVectors(count: 4100, dimension: 24, clusterCount: 300, seed: 31)
      .split(at: 4000)
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    let flat = try base.flat(metric: .squaredEuclidean)
    let short = try recall(of: segment, flat: flat, queries: queries, listSize: 10)
    let long = try recall(of: segment, flat: flat, queries: queries, listSize: 200)
    print("seed 31: recall@10 \(short) with L 10, \(long) with L 200")
    #expect(long >= short)
    #expect(long >= 0.99)
  }

  @Test("Queries between clusters far from all of them are answered with a longer list")
  func outOfDistribution() throws {
    let base = TestVectors(count: 4000, dimension: 48, seed: 13)
    let queries = TestVectors(count: 60, dimension: 48, seed: 14)
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    let recall = try recall(
      of: segment, flat: try base.flat(metric: .squaredEuclidean), queries: queries, listSize: 400)
    print("seed 13/14: recall@10 \(recall)")
    #expect(recall >= 0.9)
  }

  @Test("Distances of hits are exact and ascend")
  func distancesAreExact() throws {
    let base = TestVectors(count: 2000, dimension: 20, seed: 41)
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    let query = TestVectors(count: 1, dimension: 20, seed: 42).row(0)
    let hits = try segment.search(query)
    #expect(hits.count == 10)
    for (hit, next) in zip(hits, hits.dropFirst()) { #expect(hit.distance <= next.distance) }
    for hit in hits {
      let row = base.row(Int(hit.recordID))
      let exact = zip(query, row).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(abs(exact - hit.distance) <= 1e-4 * exact)
    }
  }

  private func recall(
    of segment: Segment, flat: FlatIndex, queries: TestVectors, listSize: Int
  ) throws -> Double {
    var found = 0
    for index in 0..<queries.count {
      let query = queries.row(index)
      let truth = Set(try flat.search(query, k: 10).map(\.recordID))
      let hits = try segment.search(
        query, parameters: SearchParameters(k: 10, listSize: listSize))
      found += hits.count { truth.contains($0.recordID) }
    }
    return Double(found) / Double(10 * queries.count)
  }
}
