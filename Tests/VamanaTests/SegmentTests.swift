import Testing
import Vamana
import VectorMath

@Suite("Segment images")
struct SegmentTests {
  @Test("A flipped bit anywhere that matters is found")
  func flippedBits() throws {
    let image = try TestVectors(count: 300, dimension: 10, seed: 61).build(metric: .cosine)
    var generator = SeededGenerator(seed: 62)
    var missed: [Int] = []
    for _ in 0..<400 {
      let copy = FlippableCopy(of: image.bytes)
      let offset = Int.random(in: 0..<copy.bytes.count, using: &generator)
      copy.flip(bit: Int.random(in: 0..<8, using: &generator), of: offset)
      if (try? Segment(bytes: copy.bytes, owner: copy)) != nil { missed.append(offset) }
    }
    // Only padding between sections is not covered: 0 to 63 bytes after each of ten sections.
    print("seed 61/62: \(missed.count) of 400 flips fell into padding")
    #expect(missed.count < 20)
    for offset in missed { #expect(image.bytes[offset] == 0) }
  }

  @Test("A segment opened without checksums never reads outside its bytes")
  func corruptGraphIsHarmless() throws {
    let base = TestVectors(count: 500, dimension: 12, seed: 63)
    let image = try base.build(metric: .cosine)
    var generator = SeededGenerator(seed: 64)
    let copy = FlippableCopy(of: image.bytes)
    for _ in 0..<20_000 {
      copy.flip(
        bit: Int.random(in: 0..<8, using: &generator),
        of: Int.random(in: 512..<copy.bytes.count, using: &generator))
    }
    let segment = try Segment(bytes: copy.bytes, owner: copy, verifyingChecksums: false)
    for index in 0..<50 {
      #expect(try segment.search(base.row(index)).count <= 10)
    }
    #expect(throws: VamanaError.self) { try segment.verify() }
  }

  @Test("Truncated, foreign and misplaced bytes are refused")
  func refusals() throws {
    let image = try TestVectors(count: 50, dimension: 4, seed: 65).build(metric: .cosine)
    for count in [0, 1, 100, 511, 512, 1000, image.bytes.count - 1] {
      let copy = FlippableCopy(of: UnsafeRawBufferPointer(rebasing: image.bytes[0..<count]))
      #expect(throws: VamanaError.self) { try Segment(bytes: copy.bytes, owner: copy) }
    }
    let zeros = FlippableCopy(byteCount: 4096)
    #expect(throws: VamanaError.self) { try Segment(bytes: zeros.bytes, owner: zeros) }
    let shifted = FlippableCopy(byteCount: image.bytes.count + 64)
    #expect(throws: VamanaError.self) {
      try Segment(
        bytes: UnsafeRawBufferPointer(rebasing: shifted.bytes[8...]), owner: shifted)
    }
  }

  @Test("A copied image answers as the original does")
  func copies() throws {
    let base = TestVectors(count: 800, dimension: 20, seed: 66)
    let image = try base.build(metric: .squaredEuclidean)
    let original = try Segment(image)
    let copied = SegmentImage(copying: image.bytes)
    let reopened = try Segment(bytes: copied.bytes, owner: copied)
    #expect(reopened.count == 800)
    #expect(reopened.dimension == 20)
    #expect(reopened.metric == .squaredEuclidean)
    #expect(reopened.model == "test")
    #expect(reopened.recordIDs == original.recordIDs)
    let vector = try #require(reopened.vector(of: 17))
    for (got, wanted) in zip(vector, base.row(17)) { #expect(abs(got - wanted) < 3e-4) }
    #expect(reopened.vector(of: 800) == nil)
    for index in 0..<20 {
      #expect(try reopened.search(base.row(index)) == (try original.search(base.row(index))))
    }
  }

  @Test("Searches from many threads agree with one")
  func concurrentSearches() async throws {
    let base = TestVectors(count: 1000, dimension: 16, seed: 67)
    let segment = try Segment(base.build(metric: .cosine))
    let expected = try (0..<100).map { try segment.search(base.row($0)) }
    try await withThrowingTaskGroup(of: (Int, [SearchHit]).self) { group in
      for index in 0..<100 {
        group.addTask { (index, try segment.search(base.row(index))) }
      }
      for try await (index, hits) in group { #expect(hits == expected[index]) }
    }
  }
}

/// An aligned copy of bytes in which bits can be flipped.
private final class FlippableCopy {
  private let storage: UnsafeMutableRawBufferPointer

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(storage) }

  init(byteCount: Int) {
    storage = .allocate(byteCount: byteCount, alignment: 64)
    storage.initializeMemory(as: UInt8.self, repeating: 0)
  }

  convenience init(of bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count)
    storage.copyMemory(from: bytes)
  }

  deinit { storage.deallocate() }

  func flip(bit: Int, of offset: Int) { storage[offset] ^= 1 << UInt8(bit) }
}
