import Testing
import Vamana
import VectorMath

/// Builds of more vectors than one leaf holds: carving, reservoirs shared by threads, refinement.
@Suite("Building beyond one leaf")
struct BuildAtScaleTests {
  @Test("Any number of threads builds the same bytes, with edges of longer range too")
  func deterministic() throws {
    let base = TestVectors(count: 4400, dimension: 8, clusterCount: 200, seed: 81)
    var configuration = VamanaConfiguration()
    configuration.longRangeDegree = 4
    let images = try [1, 2].map { threads in
      configuration.threadCount = threads
      return try base.build(metric: .squaredEuclidean, configuration: configuration)
    }
    for image in images.dropFirst() { #expect(image.bytes.elementsEqual(images[0].bytes)) }
  }

  @Test("Compact and fused segments find what exact search finds", arguments: [20, 32])
  func layouts(degree: Int) throws {
    let (base, queries) = TestVectors(count: 1600, dimension: 33, clusterCount: 50, seed: 82)
      .split(at: 1500)
    let flat = try base.flat(metric: .innerProduct)
    for isFused in [true, false] {
      var configuration = VamanaConfiguration()
      configuration.isFused = isFused
      configuration.maximumDegree = degree
      let segment = try Segment(
        base.build(metric: .innerProduct, configuration: configuration))
      #expect(segment.isFused == isFused)
      var found = 0
      for index in 0..<queries.count {
        let truth = Set(try flat.search(queries.row(index), k: 10).map(\.recordID))
        let hits = try segment.search(
          queries.row(index), parameters: SearchParameters(k: 10, listSize: 80))
        #expect(hits.count == 10)
        found += hits.count { truth.contains($0.recordID) }
      }
      print("seed 82, R \(degree), \(isFused ? "fused" : "compact"): \(found) of 1000 found")
      #expect(found >= 950)
    }
  }

  @Test("Copies by the thousand are found, and their recall is measured as what it is")
  func copies() throws {
    let distinct = TestVectors(count: 60, dimension: 16, seed: 83)
    let base = TestVectors(rows: (0..<2000).map { distinct.row($0 % 60) })
    let segment = try Segment(base.build(metric: .squaredEuclidean))
    let hits = try segment.search(distinct.row(7), parameters: SearchParameters(k: 10))
    #expect(hits.count == 10)
    for hit in hits { #expect(hit.recordID % 60 == 7 && hit.distance < 1e-4) }
    #expect(segment.recallCurve.listSize(for: 0.95, k: 10) <= 64)
  }
}
