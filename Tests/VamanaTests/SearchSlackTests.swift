import TestSupport
import Testing
import VectorMath

@testable import Vamana

@Suite("Walks that end by distance")
struct SearchSlackTests {
  private static let vectors = TestVectors(count: 4100, dimension: 48, seed: 141).split(at: 4000)

  private struct Outcome {
    var recall = 0.0
    var hopCounts: [Int] = []
    var meanHopCount: Double { Double(hopCounts.reduce(0, +)) / Double(hopCounts.count) }
  }

  /// Asks every query of the set.
  private func ask(_ segment: Segment, _ parameters: SearchParameters) throws -> Outcome {
    let (base, queries) = Self.vectors
    let flat = try base.flat(metric: segment.metric)
    let scratch = SearchScratch()
    var outcome = Outcome()
    var found = 0
    for index in 0..<queries.count {
      try queries.row(index).withUnsafeBufferPointer {
        try segment.search($0, parameters: parameters, scratch: scratch)
      }
      let truth = Set(try flat.search(queries.row(index), k: 10).map(\.recordID))
      found += scratch.hits.count { truth.contains($0.recordID) }
      outcome.hopCounts.append(scratch.statistics.hopCount)
    }
    outcome.recall = Double(found) / Double(10 * queries.count)
    return outcome
  }

  @Test(
    "A larger slack expands and finds more, within twice the list; none expands the whole list",
    arguments: [true, false])
  func slacks(isFused: Bool) throws {
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    let image = try Self.vectors.base.build(metric: .cosine, configuration: configuration)
    let segment = try Segment(image)
    let outcomes = try [-0.05, 0, 0.1, 0.3].map {
      try ask(segment, SearchParameters(listSize: 60, slack: $0))
    }
    for (less, more) in zip(outcomes, outcomes.dropFirst()) {
      #expect(less.meanHopCount < more.meanHopCount)
      #expect(less.recall <= more.recall + 0.005)
      #expect(more.hopCounts.allSatisfy { $0 <= 2 * 60 + 8 })
    }
    #expect(Set(outcomes[2].hopCounts).count > 5)
    let whole = try ask(segment, SearchParameters(listSize: 60, slack: .infinity))
    print("seed 141, fused \(isFused): \(outcomes.map(\.recall)), without a slack \(whole.recall)")
    #expect(whole.hopCounts.allSatisfy { (60...80).contains($0) })
  }

  @Test("The list size is about the mean of nodes expanded, with the recall that was measured")
  func listSize() throws {
    let segment = try Segment(Self.vectors.base.build(metric: .squaredEuclidean))
    let measured = try #require(segment.recallCurve.points.first { $0.recall > 0.9 })
    let outcome = try ask(segment, SearchParameters(listSize: measured.listSize))
    print(
      "seed 141: list size \(measured.listSize), mean \(outcome.meanHopCount), recall \(outcome.recall)"
    )
    #expect(abs(outcome.meanHopCount / Double(measured.listSize) - 1) < 0.3)
    #expect(outcome.recall > measured.recall - 0.04)
  }

  @Test(
    "As many hits come back as there are records, whatever the slack", arguments: Metric.allCases)
  func counts(metric: Metric) throws {
    let base = TestVectors(count: 500, dimension: 12, seed: 142)
    let segment = try Segment(base.build(metric: metric))
    for slack in [-1, -0.5, 0, 0.01, .infinity] {
      for k in [1, 10, 99, 499, 500, 1000] {
        for query in [base.row(7), [Float](repeating: 0, count: 12), base.row(9).map { $0 * 1000 }]
        {
          let hits = try segment.search(
            query, parameters: SearchParameters(k: k, listSize: k, slack: slack))
          #expect(hits.count == min(k, 500), "k \(k), slack \(slack)")
          #expect(Set(hits.map(\.recordID)).count == hits.count)
        }
      }
    }
  }

  @Test("Where lengths differ much the target is reached all the same")
  func lengths() throws {
    var generator = SeededGenerator(seed: 143)
    let rows = (0..<2100).map { index in
      let length = Float.random(in: 0...1, using: &generator)
      return TestVectors(count: 1, dimension: 24, seed: 1000 + UInt64(index)).row(0)
        .map { $0 * (0.1 + 8 * length * length * length * length) }
    }
    let (base, queries) = TestVectors(rows: rows).split(at: 2000)
    let segment = try Segment(base.build(metric: .innerProduct))
    let flat = try base.flat(metric: .innerProduct)
    var found = 0
    for index in 0..<queries.count {
      let truth = Set(try flat.search(queries.row(index), k: 10).map(\.recordID))
      found += try segment.search(queries.row(index)).count { truth.contains($0.recordID) }
    }
    print("seed 143: recall@10 \(Double(found) / 1000), curve \(segment.recallCurve.points)")
    #expect(found > 920)
  }

  @Test("A point keeps its slack to an eight-thousandth, and none as none")
  func stored() {
    for slack in [-0.99, -0.03, 0, 0.02, 1, 6.9] {
      let point = RecallCurve.Point(listSize: 20, slack: slack, recall: 0.9)
      let read = RecallCurve.Point(listSize: 20, storedSlack: point.storedSlack, recall: 0.9)
      #expect(abs(read.slack - slack) <= 1 / 16_384)
    }
    let none = RecallCurve.Point(listSize: 20, slack: .infinity, recall: 0.9)
    #expect(none.storedSlack == 0)
    #expect(RecallCurve.Point(listSize: 20, storedSlack: 0, recall: 0.9) == none)
  }

  @Test(
    "The slack grows between the points measured, stays below them, and ends beyond them")
  func curve() {
    let curve = RecallCurve(points: [
      RecallCurve.Point(listSize: 14, slack: 0, recall: 0.9),
      RecallCurve.Point(listSize: 28, slack: 0.1, recall: 0.97),
      RecallCurve.Point(listSize: 56, slack: 0.2, recall: 0.99),
    ])
    #expect(curve.slack(forListSize: 10, k: 10) == (0, 0))
    #expect(curve.slack(forListSize: 14, k: 10) == (0, 56))
    #expect(abs(curve.slack(forListSize: 20, k: 10).slack - 0.0515) < 1e-3)
    #expect(curve.slack(forListSize: 28 + 112, k: 100).slack == Float(0.1))
    #expect(curve.slack(forListSize: 56, k: 10) == (.infinity, 56))
    #expect(RecallCurve(points: []).slack(forListSize: 20, k: 10) == (.infinity, 0))
    #expect(curve.listSize(for: 0.95, k: 10) < 28 && curve.listSize(for: 0.95, k: 10) > 14)
  }
}
