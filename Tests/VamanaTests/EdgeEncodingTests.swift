import Testing
import VectorMath

@testable import Vamana

@Suite("Edges in node records")
struct EdgeEncodingTests {
  /// Degrees around whole blocks of 16 edges.
  static let degrees = [4, 5, 15, 16, 17, 31, 33]

  @Test("Every edge has its estimate and every empty slot none", arguments: degrees)
  func records(degree: Int) throws {
    let base = TestVectors(count: 300, dimension: 24, seed: 85)
    var configuration = VamanaConfiguration()
    configuration.maximumDegree = degree
    for metric in degree == 17 ? Metric.allCases : [.squaredEuclidean] {
      let segment = try Segment(base.build(metric: metric, configuration: configuration))
      #expect(segment.maximumDegree == degree)
      #expect(segment.layout.node.slotCount == (degree + 15) / 16 * 16)
      let scratch = SearchScratch()
      var error = 0.0
      var spread = 0.0
      for node in stride(from: 0, to: 300, by: 9) {
        let edges = try estimates(of: node, in: segment, scratch: scratch)
        let neighbors = neighbors(of: node, in: segment)
        #expect(neighbors.count <= degree)
        #expect(neighbors.allSatisfy { $0 < 300 && $0 != node })
        #expect(Set(neighbors).count == neighbors.count)
        #expect(edges.map(\.place) == Array(neighbors.indices))
        for (edge, neighbor) in zip(edges, neighbors) {
          // The query stands at the node: where an estimate errs least.
          let exact = distance(metric, segment, node, Int(neighbor))
          error += Double((edge.distance - exact) * (edge.distance - exact))
          spread += Double(exact * exact)
        }
      }
      let share = (error / max(spread, .leastNormalMagnitude)).squareRoot()
      print("seed 85, R \(degree), \(metric): error of estimates \(share) of the distance")
      #expect(share < 0.02)
    }
  }

  @Test("Searches find as much at any degree", arguments: [(5, 0.95), (17, 0.95), (33, 0.95)])
  func recall(degree: Int, least: Double) throws {
    let base = TestVectors(count: 600, dimension: 24, seed: 86)
    var configuration = VamanaConfiguration()
    configuration.maximumDegree = degree
    for isFused in [true, false] {
      configuration.isFused = isFused
      let segment = try Segment(base.build(metric: .cosine, configuration: configuration))
      let flat = try base.flat(metric: .cosine)
      var found = 0
      for row in 0..<30 {
        let truth = Set(try flat.search(base.row(row), k: 10).map(\.recordID))
        let hits = try segment.search(
          base.row(row), parameters: SearchParameters(k: 10, listSize: 40))
        found += hits.count { truth.contains($0.recordID) }
      }
      print("seed 86, R \(degree), fused \(isFused): recall@10 \(Double(found) / 300)")
      #expect(Double(found) / 300 >= least)
    }
  }

  private func record(of node: Int, in segment: Segment) -> UnsafeRawPointer {
    UnsafeRawPointer(segment.pointer(to: .nodes, as: UInt8.self))
      + node * segment.layout.node.stride
  }

  private func neighbors(of node: Int, in segment: Segment) -> [UInt32] {
    let ids = record(of: node, in: segment).assumingMemoryBound(to: UInt32.self)
    return (0..<segment.layout.node.slotCount).map { UInt32(littleEndian: ids[$0]) }
      .filter { $0 != .max }
  }

  /// What the walk would see of the edges of `node` if the query stood there.
  private func estimates(
    of node: Int, in segment: Segment, scratch: SearchScratch
  ) throws -> [(place: Int, distance: Float)] {
    let layout = segment.layout.node
    let record = record(of: node, in: segment)
    var vector = [Float](repeating: 0, count: segment.dimension)
    segment.copyVector(of: node, into: &vector)
    let query = try vector.withUnsafeBufferPointer {
      try segment.prepare(
        $0, scratch: scratch, parameters: WalkParameters(k: 10, listSize: 10))
    }
    var places = [UInt32](repeating: 0, count: layout.slotCount)
    var distances = [Float](repeating: 0, count: layout.slotCount)
    // SAFETY: a record holds what its layout says.
    let found = segment.kernels.scoreEdges(
      query.edge, base: 0,
      codes: (record + layout.codesOffset).assumingMemoryBound(to: UInt8.self),
      a: (record + layout.factorAOffset).assumingMemoryBound(to: UInt16.self),
      b: (record + layout.factorBOffset).assumingMemoryBound(to: UInt16.self),
      blockCount: layout.blockCount, below: .infinity, places: &places, distances: &distances)
    return (0..<found).map { (Int(places[$0]), distances[$0]) }
  }

  /// How much farther than `node` itself `neighbor` is from a query at `node`, in the scale of estimates.
  private func distance(_ metric: Metric, _ segment: Segment, _ node: Int, _ neighbor: Int) -> Float
  {
    let dimension = segment.dimension
    var here = [Float](repeating: 0, count: dimension)
    var there = here
    segment.copyVector(of: node, into: &here)
    segment.copyVector(of: neighbor, into: &there)
    if metric == .squaredEuclidean {
      return zip(here, there).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    if metric == .innerProduct {
      // As a walk scales queries.
      let length = here.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let factor = segment.layout.header.typicalLength / length
      return zip(here, there).reduce(0) { $0 + factor * $1.0 * ($1.0 - $1.1) }
    }
    return zip(here, there).reduce(0) { $0 + $1.0 * ($1.0 - $1.1) }
  }
}
