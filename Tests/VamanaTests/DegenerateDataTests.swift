import Testing
import Vamana
import VectorMath

@Suite("Data without structure")
struct DegenerateDataTests {
  @Test("With fewer rows than are asked for all come back", arguments: [0, 1, 2, 9, 10, 11])
  func fewRows(count: Int) throws {
    let base = TestVectors(count: count, dimension: 5, clusterCount: 1, seed: 97)
    for metric in Metric.allCases {
      for isFused in [true, false] {
        var configuration = VamanaConfiguration()
        configuration.isFused = isFused
        let image = try base.values.withUnsafeBufferPointer {
          try SegmentBuilder.build(
            vectors: $0, dimension: 5, recordIDs: (0..<count).map(UInt64.init), metric: metric,
            configuration: configuration)
        }
        let hits = try Segment(image).search([1, 2, 3, 4, 5], parameters: SearchParameters(k: 10))
        #expect(hits.count == min(10, count))
        #expect(Set(hits.map(\.recordID)).count == hits.count)
      }
    }
  }

  @Test("Among a thousand and more equal rows the asked number is found", arguments: [true, false])
  func equalRows(isFused: Bool) throws {
    let base = TestVectors(rows: [[Float]](repeating: [3, -1, 0.5, 2], count: 1_500))
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    let segment = try Segment(
      base.build(metric: .squaredEuclidean, configuration: configuration))
    for k in [1, 10, 100] {
      let hits = try segment.search([3, -1, 0.5, 2], parameters: SearchParameters(k: k))
      #expect(hits.count == k)
      #expect(Set(hits.map(\.recordID)).count == k)
      #expect(hits.allSatisfy { $0.distance < 1e-6 })
    }
  }

  @Test("A thousand repeats of one row hide no other row from a long list")
  func repeatsAmongOthers() throws {
    let others = TestVectors(count: 300, dimension: 8, seed: 98)
    let base = TestVectors(
      rows: (0..<1_300).map { $0 < 300 ? others.row($0) : [Float](repeating: 0.1, count: 8) }
    )
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    var found = 0
    for row in stride(from: 0, to: 300, by: 3) {
      let hits = try segment.search(
        others.row(row), parameters: SearchParameters(k: 1, listSize: 320))
      if hits.first?.recordID == UInt64(row) { found += 1 }
    }
    print("seed 98: \(found) of 100 rows found among repeats")
    #expect(found >= 98)
  }
}
