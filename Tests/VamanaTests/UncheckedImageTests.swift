import Testing
import VectorMath

@testable import Vamana

@Suite("Images that nobody checked")
struct UncheckedImageTests {
  @Test("Record ids in no order, in an image that nobody checked, end no program")
  func unsortedRecordIDs() throws {
    let count = 300
    var generator = SeededGenerator(seed: 9)
    let values = (0..<count * 8).map { _ in Float.random(in: -1...1, using: &generator) }
    let image = try values.withUnsafeBufferPointer {
      try SegmentBuilder.build(
        vectors: $0, dimension: 8, recordIDs: Array(0..<UInt64(count)), metric: .squaredEuclidean)
    }
    let ids = try Segment(image).layout[.recordIDs].lowerBound
    for _ in 0..<50 {
      for node in 0..<count {
        image.mutableBytes.storeBytes(
          of: UInt64.random(in: 0...400, using: &generator), toByteOffset: ids + 8 * node,
          as: UInt64.self)
      }
      let segment = try Segment(bytes: image.bytes, owner: image, verifyingChecksums: false)
      let wanted = (0..<100).map { _ in UInt64.random(in: 0...400, using: &generator) }
      for filter in [RecordFilter(wanted), try RecordFilter(0...400)] {
        let hits = try segment.search(Array(values[0..<8]), filter: filter)
        #expect(hits.count <= 10)
      }
    }
  }
}
