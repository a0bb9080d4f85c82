import Synchronization
import Testing
import Vamana
import VectorMath

@Suite("Building")
struct BuildTests {
  @Test("Any number of threads builds the same bytes")
  func threadsDoNotMatter() throws {
    let base = TestVectors(count: 3000, dimension: 16, seed: 51)
    var one = VamanaConfiguration()
    one.threadCount = 1
    var four = VamanaConfiguration()
    four.threadCount = 4
    let first = try base.build(metric: .cosine, configuration: one)
    let second = try base.build(metric: .cosine, configuration: four)
    #expect(first.bytes.elementsEqual(second.bytes))
  }

  @Test("Another seed builds another graph")
  func seedMatters() throws {
    let base = TestVectors(count: 3000, dimension: 16, seed: 52)
    var other = VamanaConfiguration()
    other.seed = 99
    let first = try base.build(metric: .cosine)
    let second = try base.build(metric: .cosine, configuration: other)
    #expect(!first.bytes.elementsEqual(second.bytes))
  }

  @Test("Few, equal and repeated vectors are all found", arguments: [0, 1, 2, 5, 9, 700])
  func equalVectors(count: Int) throws {
    let base = TestVectors(rows: [[Float]](repeating: [0.5, -1, 2, 0], count: count))
    for metric in Metric.allCases {
      let image = try base.values.withUnsafeBufferPointer {
        try SegmentBuilder.build(
          vectors: $0, dimension: 4, recordIDs: (0..<count).map { UInt64($0 * 3) }, metric: metric)
      }
      let segment = try Segment(image)
      let hits = try segment.search(
        [0.5, -1, 2, 0], parameters: SearchParameters(k: max(1, count), listSize: count + 10))
      let found = Set(hits.map(\.recordID))
      let all = found == Set((0..<count).map { UInt64($0 * 3) })
      #expect(all, "\(found.count) of \(count) in \(metric)")
    }
  }

  @Test("Every vector can be reached, islands and repeats included")
  func everyVectorIsReachable() throws {
    // Thirty far islands, one of them of a thousand repeats.
    var rows = (0..<1000).map { _ in [Float](repeating: 1, count: 8) }
    for island in 0..<30 {
      let points = TestVectors(count: 50, dimension: 8, clusterCount: 1, seed: UInt64(island))
      for index in 0..<50 { rows.append(points.row(index).map { $0 + Float(island) * 1000 }) }
    }
    let base = TestVectors(rows: rows)
    var configuration = VamanaConfiguration()
    configuration.entryPointCount = 1
    let segment = try Segment(
      base.build(metric: .squaredEuclidean, configuration: configuration))
    let hits = try segment.search(
      rows[0], parameters: SearchParameters(k: base.count, listSize: base.count))
    #expect(hits.count == base.count)
  }

  @Test("A zero vector is stored and found under cosine")
  func zeroVector() throws {
    let base = TestVectors(rows: [[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    let segment = try Segment(base.build(metric: .cosine))
    let hits = try segment.search([1, 0.1, 0], parameters: SearchParameters(k: 3))
    #expect(hits.map(\.recordID) == [1, 2, 0])
    #expect(try segment.search([0, 0, 0], parameters: SearchParameters(k: 3)).count == 3)
  }

  @Test("NaN and infinity are refused, and the row is named", arguments: [Float.nan, .infinity])
  func notFinite(value: Float) throws {
    let base = TestVectors(rows: [[1, 2], [3, value]])
    #expect(throws: VamanaError.notFinite(row: 1)) { try base.build(metric: .cosine) }
    let good = try Segment(TestVectors(rows: [[1, 2]]).build(metric: .cosine))
    #expect(throws: VamanaError.notFinite(row: 0)) { try good.search([value, 1]) }
  }

  @Test("Ids must ascend, dimensions must agree, settings must be in range")
  func refusals() throws {
    let base = TestVectors(rows: [[1, 2], [3, 4]])
    #expect(throws: VamanaError.recordIDsNotAscending(row: 1)) {
      try base.build(metric: .cosine, recordIDs: [7, 7])
    }
    var wrong = VamanaConfiguration()
    wrong.maximumDegree = 2
    #expect(throws: VamanaError.self) { try base.build(metric: .cosine, configuration: wrong) }
    let segment = try Segment(base.build(metric: .cosine))
    #expect(throws: VamanaError.dimensionMismatch(got: 3, expected: 2)) {
      try segment.search([1, 2, 3])
    }
  }

  @Test("A build reports its progress and stops when asked")
  func progressAndCancellation() throws {
    // More than a leaf holds, and edges of longer range: such a build has every phase.
    let base = TestVectors(count: 4400, dimension: 8, seed: 53)
    let phases = Mutex<Set<BuildProgress.Phase>>([])
    var configuration = VamanaConfiguration()
    configuration.longRangeDegree = 4
    _ = try base.build(metric: .cosine, configuration: configuration) { progress in
      phases.withLock { _ = $0.insert(progress.phase) }
      return true
    }
    #expect(phases.withLock { $0 } == Set(BuildProgress.Phase.allCases))
    for count in [1, 35, 2000] {
      let base = TestVectors(count: count, dimension: 8, seed: 54)
      #expect(throws: VamanaError.cancelled) { try base.build(metric: .cosine) { _ in false } }
    }
  }
}
