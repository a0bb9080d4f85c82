import Foundation
import Testing
import Vamana
import VectorMath

@Suite("Segments written by earlier programs")
struct FrozenFormatTests {
  @Test("A frozen segment holds what was stored, number by number", arguments: FrozenSegment.all)
  func contents(frozen: FrozenSegment) throws {
    let image = try frozen.load()
    let segment = try Segment(bytes: image.bytes, owner: image)
    #expect(image.bytes.count < 64 << 10)
    #expect(segment.byteCount == image.bytes.count)
    #expect(segment.count == FrozenSegment.count)
    #expect(segment.dimension == FrozenSegment.dimension)
    #expect(segment.metric == frozen.metric)
    #expect(segment.isFused == frozen.isFused)
    #expect(segment.maximumDegree == 6)
    #expect(segment.model == "test")
    #expect(segment.recordIDs == (0..<FrozenSegment.count).map(FrozenSegment.recordID))
    for row in 0..<FrozenSegment.count {
      let stored = try #require(segment.vector(of: FrozenSegment.recordID(row)))
      let vector = FrozenSegment.vector(row)
      let length =
        frozen.metric == .cosine ? vector.reduce(0) { $0 + $1 * $1 }.squareRoot() : 1
      for (got, wanted) in zip(stored, vector) {
        #expect(abs(got * length - wanted) < 64.0 / 32_000)
      }
    }
  }

  @Test("It is searched as it was then, on every instruction set", arguments: FrozenSegment.all)
  func search(frozen: FrozenSegment) throws {
    let image = try frozen.load()
    for kernels in DistanceKernels.available {
      let segment = try Segment(bytes: image.bytes, owner: image, kernels: kernels)
      for listSize in [12, 60] {
        let hits = try segment.search(
          FrozenSegment.query, parameters: SearchParameters(k: 3, listSize: listSize))
        #expect(hits.map(\.recordID) == frozen.nearest.map(\.recordID), "\(kernels.name)")
        for (hit, wanted) in zip(hits, frozen.nearest) {
          #expect(
            abs(hit.distance - wanted.distance) <= 2e-4 * max(1, wanted.distance),
            "\(kernels.name): \(hit.distance)")
        }
      }
      // Every record is its own nearest.
      for row in 0..<FrozenSegment.count {
        let hits = try segment.search(
          FrozenSegment.vector(row), parameters: SearchParameters(k: 1, listSize: 60))
        #expect(hits.map(\.recordID) == [FrozenSegment.recordID(row)])
      }
    }
  }

  @Test("Whichever byte is flipped, opening it finds that", arguments: FrozenSegment.all)
  func everyFlippedByte(frozen: FrozenSegment) throws {
    let image = try frozen.load()
    var missed: [Int] = []
    for offset in image.bytes.indices {
      let before = image[offset]
      image[offset] = before ^ UInt8(1 << (offset % 8))
      if (try? Segment(bytes: image.bytes, owner: image)) != nil { missed.append(offset) }
      image[offset] = before
    }
    // Padding between sections is zero and not covered: less than 64 bytes after each of eleven.
    #expect(missed.count < 11 * 64)
    #expect(missed.allSatisfy { image[$0] == 0 })
    #expect(throws: Never.self) { try Segment(bytes: image.bytes, owner: image) }
  }

  @Test(
    "Opened unverified with a byte changed it is searched without harm",
    arguments: FrozenSegment.all)
  func unverifiedFlippedBytes(frozen: FrozenSegment) throws {
    let image = try frozen.load()
    let scratch = SearchScratch()
    let query = FrozenSegment.query
    let step = ProcessInfo.processInfo.environment["ENGRAM_SLOW_TESTS"] == nil ? 7 : 1
    var openedCount = 0
    for offset in stride(from: 0, to: image.bytes.count, by: step) {
      let before = image[offset]
      // All bits: what was small gets large, and an exponent of a float the largest there is.
      image[offset] = ~before
      if let segment = try? Segment(
        bytes: image.bytes, owner: image, verifyingChecksums: false)
      {
        openedCount += 1
        try query.withUnsafeBufferPointer {
          try segment.search(
            $0, parameters: SearchParameters(k: 3, targetRecall: 0.99), scratch: scratch)
        }
        #expect(scratch.hits.count <= 3)
        if offset % 10 == 0 {
          let filter = RecordFilter([7, 8, 11, 56, 107])
          #expect(try segment.search(query, filter: filter).count <= 5)
          #expect((segment.vector(of: 11)?.count ?? 12) == 12)
        }
      }
      image[offset] = before
    }
    // The header is always verified; every other byte leaves a segment that opens.
    #expect(openedCount > (image.bytes.count - 600) / step)
  }
}
