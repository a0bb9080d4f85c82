import Testing
import VectorMath

@testable import Vamana

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

  @Test("What a list size is said to miss is what it was chosen to miss", arguments: [1, 10, 100])
  func inverse(k: Int) {
    let curve = RecallCurve(points: [
      RecallCurve.Point(listSize: 10, slack: 0.1, recall: 0.9),
      RecallCurve.Point(listSize: 24, slack: 0.2, recall: 0.97),
      RecallCurve.Point(listSize: 70, slack: 0.3, recall: 0.97),
      RecallCurve.Point(listSize: 71, slack: 0.3, recall: 0.98),
      RecallCurve.Point(listSize: 300, slack: .infinity, recall: 1),
    ])
    for thousandths in stride(from: 950, through: 999, by: 1) {
      let target = Double(thousandths) / 1000
      let listSize = curve.listSize(for: target, k: k)
      // A tenth fewer than asked for; no list that is shorter misses as few.
      let missed = 0.9 * (1 - target)
      #expect(curve.loss(atListSize: listSize, k: k) <= missed + 1e-9)
      #expect(curve.loss(atListSize: listSize - 1, k: k) > missed)
    }
    for size in 10...300 {
      let recall = curve.measuredRecall(atListSize: size) ?? 0
      // But for roundings; where longer lists find no more, the shortest is enough.
      #expect(curve.measuredListSize(for: recall - 1e-9) == (24...70 ~= size ? 24 : size))
    }
    #expect(curve.measuredRecall(atListSize: 301) == nil)
  }

  @Test("Where every vector is an entry point the curve is measured all the same")
  func entryPointsOnly() throws {
    let base = TestVectors(count: 600, dimension: 16, seed: 94)
    var configuration = VamanaConfiguration()
    configuration.entryPointCount = base.count
    let curve = try Segment(base.build(metric: .cosine, configuration: configuration)).recallCurve
    #expect(curve.points.last.map { $0.recall > 0.99 } == true)
    #expect(curve.listSize(for: 0.95, k: 10) < 100)
  }

  @Test("The curve is kept with the segment")
  func kept() throws {
    let image = try TestVectors(count: 3000, dimension: 16, seed: 93).build(metric: .cosine)
    let copied = SegmentImage(copying: image.bytes)
    #expect(
      try Segment(bytes: copied.bytes, owner: copied).recallCurve == Segment(image).recallCurve)
  }
}
