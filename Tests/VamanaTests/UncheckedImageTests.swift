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

  @Test("Damaged rows, in an image that nobody checked, end no program that prepares a filter")
  func damagedRows() throws {
    let (count, dimension) = (600, 96)
    let base = TestVectors(count: count, dimension: dimension, seed: 10)
    for metric in [Metric.squaredEuclidean, .cosine] {
      let image = try base.build(metric: metric)
      let layout = try Segment(image).layout
      let scales = (0..<count).map { row in
        layout[.nodes].lowerBound + row * layout.node.stride + layout.node.rowOffset + 4
      }
      let whole = scales.map { image.bytes.load(fromByteOffset: $0, as: Float.self) }
      for scale in [Float(1e20), -1e20, .infinity, .nan, 1e38] {
        for step in [1, 7] {
          for row in 0..<count {
            image.mutableBytes.storeBytes(
              of: row % step == 0 ? scale : whole[row], toByteOffset: scales[row], as: Float.self)
          }
          try prepareAndSearch(image, query: base.row(1), count: count)
        }
      }
    }
  }

  @Test("Codes have no more axes than there are, whatever their variances")
  func brokenVariances() {
    for variance in [Float.infinity, .nan, -.infinity, .greatestFiniteMagnitude, -1, 0, 1] {
      for axisCount in [32, 64, 96] {
        let shape = EdgeCodeShape.choose(
          variances: [Float](repeating: variance, count: axisCount), distortion: 0,
          byteCountMax: 96)
        #expect(shape.axisCount <= axisCount)
      }
    }
  }

  @Test("Nodes of random bytes end no program that prepares a filter", arguments: [true, false])
  func randomNodes(isFused: Bool) throws {
    let count = 600
    let base = TestVectors(count: count, dimension: 48, seed: 11)
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    var generator = SeededGenerator(seed: 12)
    let image = try base.build(metric: .squaredEuclidean, configuration: configuration)
    let nodes = try Segment(image).layout[.nodes]
    for _ in 0..<5 {
      for offset in nodes where Int.random(in: 0..<4, using: &generator) == 0 {
        image.mutableBytes[offset] = UInt8.random(in: 0...255, using: &generator)
      }
      try prepareAndSearch(image, query: base.row(1), count: count)
    }
  }

  private func prepareAndSearch(_ image: SegmentImage, query: [Float], count: Int) throws {
    let segment = try Segment(bytes: image.bytes, owner: image, verifyingChecksums: false)
    let filter = RecordFilter((0..<UInt64(count)).filter { $0 % 4 != 0 })
    filter.prepare(for: segment)
    let prepared = try #require(filter.matches(in: segment).prepared)
    let groups = prepared.codes.groups
    #expect(groups.axes.count == groups.quantizer.shape.axisCount)
    let hits = try segment.search(query, filter: filter)
    #expect(hits.count <= 10)
  }
}
