import Testing
import Vamana
import VectorMath

@Suite("Recall that an index promises")
struct RecallCurveTests {
  @Test("A target is reached with queries that were never indexed", arguments: Metric.allCases)
  func targets(metric: Metric) throws {
    let (base, queries) = TestVectors(count: 3200, dimension: 40, clusterCount: 80, seed: 91)
      .split(at: 3000)
    let segment = try Segment(base.build(metric: metric))
    let flat = try base.flat(metric: metric)
    #expect(segment.recallCurve.points.count > 1)
    for target in [0.9, 0.95, 0.99] {
      var found = 0
      for index in 0..<queries.count {
        let truth = Set(try flat.search(queries.row(index), k: 10).map(\.recordID))
        let hits = try segment.search(
          queries.row(index), parameters: SearchParameters(k: 10, targetRecall: target))
        found += hits.count { truth.contains($0.recordID) }
      }
      let recall = Double(found) / Double(10 * queries.count)
      print("seed 91, \(metric): recall@10 \(recall) where \(target) was asked for")
      // Both the curve and this sample have a sampling error.
      #expect(recall >= target - 0.02)
    }
  }

  @Test("Higher targets take longer lists, longer answers too, and none is shorter than k")
  func monotone() throws {
    let base = TestVectors(count: 2000, dimension: 32, seed: 92)
    let curve = try Segment(base.build(metric: .cosine)).recallCurve
    let sizes = [0.0, 0.5, 0.9, 0.95, 0.99, 0.999, 1].map { curve.listSize(for: $0, k: 10) }
    #expect(sizes == sizes.sorted())
    for k in [1, 10, 50, 500] {
      #expect(curve.listSize(for: 0.5, k: k) >= k)
      #expect(curve.listSize(for: 0.95, k: k) <= curve.listSize(for: 0.95, k: k + 1))
    }
    for (before, after) in zip(curve.points, curve.points.dropFirst()) {
      #expect(before.listSize < after.listSize && before.recall <= after.recall)
    }
  }

  @Test("The curve is kept with the segment")
  func kept() throws {
    let image = try TestVectors(count: 3000, dimension: 16, seed: 93).build(metric: .cosine)
    let copied = SegmentImage(copying: image.bytes)
    #expect(
      try Segment(bytes: copied.bytes, owner: copied).recallCurve == Segment(image).recallCurve)
  }
}
