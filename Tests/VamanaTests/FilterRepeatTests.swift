import Testing
import VectorMath

@testable import Vamana

@Suite("Filtered walks that forget nodes")
struct FilterRepeatTests {
  @Test("A node that is met again after it was forgotten comes back once")
  func forgottenNodes() throws {
    let (base, crowd) = crowdedVectors(count: 16_000, dimension: 16, seed: 86)
    var configuration = VamanaConfiguration()
    configuration.maximumDegree = 16
    let segment = try Segment(
      base.build(metric: .squaredEuclidean, configuration: configuration))
    // Nodes stand in the order of their ids: the crowd has the places of the table that it was chosen for.
    #expect(crowd.allSatisfy { segment.recordID(of: $0) == UInt64($0) })
    let filter = try RecordFilter(0..<16_000)
    let parameters = SearchParameters(k: 10, listSize: 10)
    let scratch = SearchScratch()
    for query in crowd {
      try base.row(query).withUnsafeBufferPointer {
        try segment.search($0, parameters: parameters, filter: filter, scratch: scratch)
      }
      // A scan meets every node once.
      #expect(scratch.statistics.hopCount > 0)
      #expect(scratch.hits.count == 10)
      #expect(Set(scratch.hits.map(\.recordID)).count == 10)
    }
  }

  /// Vectors of which some, near to each other and far from all others, have more nodes than there are places
  /// for in the smallest table of visited nodes.
  private func crowdedVectors(
    count: Int, dimension: Int, seed: UInt64
  ) -> (vectors: TestVectors, crowd: [Int]) {
    let spread = TestVectors(count: count, dimension: dimension, seed: seed)
    let crowd = (0..<count).filter { (UInt32($0) &* 0x9e37_79b1) >> 21 < 8 }
    let members = Set(crowd)
    let rows = (0..<count).map { index in
      spread.row(index).map { members.contains(index) ? 8 + 0.2 * $0 : $0 }
    }
    return (TestVectors(rows: rows), crowd)
  }
}
