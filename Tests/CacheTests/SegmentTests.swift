import Foundation
import Testing

@testable import Cache

@Suite("Segments")
struct SegmentTests {
  func description(_ byteCount: Int) -> SegmentDescription {
    SegmentDescription(
      byteCount: byteCount, checksum: "sum-\(byteCount)", model: "m", embeddingIDMax: .max - 1,
      count: byteCount / 4)
  }

  func write(
    _ cache: SegmentCache, id: Int64, byteCount: Int, value: UInt8, replacing: [Int64] = []
  ) throws {
    try cache.write(id: id, description: description(byteCount), replacing: replacing) { image in
      image.initializeMemory(as: UInt8.self, repeating: value)
    }
  }

  @Test(
    "An image of any size comes back aligned to 64 bytes, byte for byte",
    arguments: [0, 1, 63, 1000, 1990, 2030, 2048, 4000, 4032, 4033, 4096, 100_000, 5_000_001])
  func roundTrip(byteCount: Int) throws {
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"))
    let pattern = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 131 ^ $0 >> 8) }
    // Neighbours, so that the image is not alone.
    try write(cache, id: -3, byteCount: 10, value: 1)
    try cache.write(id: 5, description: description(byteCount)) { image in
      #expect(image.count == byteCount)
      image.copyBytes(from: pattern)
    }
    try write(cache, id: 9, byteCount: 70_000, value: 2)
    #expect(
      try cache.segments()
        == [(-3, 10), (5, byteCount), (9, 70_000)].map {
          CachedSegment(id: $0.0, description: description($0.1))
        })
    let segment = try cache.segment(id: 5)
    #expect(segment.description == description(byteCount))
    #expect(segment.bytes.count == byteCount)
    #expect(segment.withBytes { $0.elementsEqual(pattern) })
    #expect(Int(bitPattern: segment.bytes.baseAddress) % 64 == 0)
    segment.prefetch()
    #expect(try cache.segment(id: 9).isAll(2))
  }

  @Test("A mapped segment keeps its bytes while others replace it, and after the cache is closed")
  func pinning() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("segments")
    let cache = try SegmentCache.open(at: path)
    try write(cache, id: 1, byteCount: 300_000, value: 1)
    let mapped = try cache.segment(id: 1)
    for round in UInt8(2)...12 {
      try write(
        cache, id: Int64(round), byteCount: 300_000, value: round, replacing: [Int64(round) - 1])
    }
    #expect(try cache.segments().map(\.id) == [12])
    let error = #expect(throws: CacheError.self) { try cache.segment(id: 1) }
    #expect(error?.reason == .segmentMissing)
    try write(cache, id: 12, byteCount: 1000, value: 99)
    #expect(try cache.segment(id: 12).bytes.count == 1000)
    cache.close()
    #expect(throws: CacheError.self) { try cache.segments() }
    #expect(mapped.bytes.count == 300_000)
    #expect(mapped.isAll(1))
    // The environment is still open for the mapped segment, and shared with who opens it now.
    let again = try SegmentCache.open(at: path)
    #expect(try again.segment(id: 12).isAll(99))
  }

  @Test("Space is used again: replacing segments over and over does not let the file grow")
  func churn() throws {
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"))
    let byteCount = 1_000_000
    var sizes: [Int] = []
    for round in Int64(1)...200 {
      // Sizes vary as those of real segments do.
      try write(
        cache, id: round, byteCount: byteCount - Int(round % 5) * 10_000, value: 1,
        replacing: [round - 1])
      sizes.append(try cache.statistics().fileBytes)
    }
    // Two states are kept at all times and the third is being written; and a free place is seldom
    // just as large as the next segment.
    #expect(sizes[199] <= 7 * byteCount)
    #expect(sizes[199] == sizes[99])
    #expect(try cache.statistics().segmentCount == 1)
    #expect(try cache.statistics().usedBytes < byteCount + 100_000)
  }

  @Test("Pages pinned by a mapped segment are used again once it is dropped")
  func unpinning() throws {
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"))
    func churn() throws {
      for round in Int64(1)...20 {
        try write(cache, id: round, byteCount: 500_000, value: 1, replacing: [round - 1, 20])
      }
    }
    try churn()
    var mapped: MappedSegment? = try cache.segment(id: 20)
    let before = try cache.statistics().fileBytes
    try churn()
    let pinned = try cache.statistics().fileBytes
    #expect(pinned > before + 5_000_000)
    #expect(mapped?.isAll(1) == true)
    mapped = nil
    try churn()
    #expect(try cache.statistics().fileBytes == pinned)
  }

  @Test("A fill that throws leaves nothing behind, and the error is the fill's own")
  func failingFill() throws {
    struct Cut: Error {}
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"))
    try write(cache, id: 1, byteCount: 5000, value: 1)
    #expect(throws: Cut.self) {
      try cache.write(id: 2, description: description(100_000), replacing: [1]) { image in
        image[0] = 1
        throw Cut()
      }
    }
    #expect(try cache.segments().map(\.id) == [1])
    #expect(try cache.segment(id: 1).isAll(1))
    let nested = #expect(throws: CacheError.self) {
      try cache.write(id: 2, description: description(10)) { _ in try cache.delete(ids: [1]) }
    }
    #expect(nested?.reason == .nestedWrite)
    #expect(try cache.segments().map(\.id) == [1])
  }

  @Test("Segments are deleted together, and unknown ones passed over")
  func deleting() throws {
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"))
    for id in Int64(0)..<5 { try write(cache, id: id, byteCount: 9000, value: 3) }
    #expect(try cache.delete(ids: [0, 3, 77]) == 2)
    #expect(try cache.delete(ids: []) == 0)
    #expect(try cache.segments().map(\.id) == [1, 2, 4])
  }

  @Test("A description that is too large or negative is refused before anything is done")
  func sizeLimits() throws {
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"))
    for byteCount in [-1, SegmentCache.imageBytesMax + 1] {
      let error = #expect(throws: CacheError.self) {
        try cache.write(id: 1, description: description(byteCount)) { _ in
          Issue.record("fill must not be called")
        }
      }
      #expect(error?.reason == .segmentTooLarge)
    }
  }

  @Test("An image that does not fit its description is an error")
  func damagedImage() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("segments")
    do {
      let cache = try SegmentCache.open(at: path)
      try write(cache, id: 1, byteCount: 9000, value: 3)
    }
    let data = URL(fileURLWithPath: path + "/data.mdb")
    var bytes = try Data(contentsOf: data)
    let mark = try #require(bytes.range(of: Data(SegmentFormat.mark)))
    bytes[mark.lowerBound + 16] ^= 1
    try bytes.write(to: data)
    let cache = try SegmentCache.open(at: path)
    #expect(cache.opening == .existing)
    let error = #expect(throws: CacheError.self) { try cache.segment(id: 1) }
    #expect(error?.reason == .segmentDamaged)
    try write(cache, id: 1, byteCount: 9000, value: 4)
    #expect(try cache.segment(id: 1).isAll(4))
  }

  @Test("A map too small for an image grows before the image is filled, once")
  func growth() throws {
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"), mapBytes: 1 << 20)
    var fillCount = 0
    try cache.write(id: 1, description: description(20_000_000)) { image in
      fillCount += 1
      image.initializeMemory(as: UInt8.self, repeating: 7)
    }
    #expect(fillCount == 1)
    #expect(try cache.segment(id: 1).isAll(7))
    #expect(try cache.statistics().mapBytes > 20_000_000)
  }

  @Test("The map grows under mapped segments, which keep what they show")
  func growthUnderMapped() throws {
    let directory = try TemporaryDirectory()
    let cache = try SegmentCache.open(at: directory.file("segments"), mapBytes: 1 << 20)
    try write(cache, id: 0, byteCount: 300_000, value: 100)
    var mapped = [try cache.segment(id: 0)]
    var mapSizes = Set<Int>()
    for id in UInt8(1)...20 {
      try write(cache, id: Int64(id), byteCount: 1_000_000, value: id, replacing: [0])
      mapped.append(try cache.segment(id: Int64(id)))
      mapSizes.insert(try cache.statistics().mapBytes)
    }
    #expect(mapSizes.count > 3)
    #expect(mapped[0].isAll(100))
    for id in 1...20 { #expect(mapped[id].isAll(UInt8(id))) }
    // Dropped after the map went, they give their pages back.
    let before = try cache.statistics().fileBytes
    mapped = []
    try cache.delete(ids: (1...20).map { $0 })
    for round in UInt8(0)..<20 { try write(cache, id: 50, byteCount: 3_000_000, value: round) }
    // What a commit frees is free for the one after the next.
    #expect(try cache.statistics().fileBytes <= before + 10_000_000)
  }

  @Test("Another process makes the map too small for this one, whose mapped segments stay")
  func growthByOthers() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("segments")
    let cache = try SegmentCache.open(at: path, mapBytes: 1 << 20)
    try write(cache, id: 1, byteCount: 300_000, value: 1)
    let mapped = try cache.segment(id: 1)
    await #expect(processExitsWith: .success) { [path = path as String] in
      let cache = try SegmentCache.open(at: path, mapBytes: 1 << 20)
      for id in Int64(2)...9 {
        try cache.write(
          id: id,
          description: SegmentDescription(
            byteCount: 1_000_000, checksum: "", model: "m", embeddingIDMax: 1, count: 1),
          replacing: [1]
        ) { $0.initializeMemory(as: UInt8.self, repeating: UInt8(id)) }
      }
    }
    #expect(try cache.segments().map(\.id) == Array(2...9))
    for id in Int64(2)...9 {
      #expect(try cache.segment(id: id).isAll(UInt8(id)))
    }
    #expect(try cache.statistics().mapBytes > 8_000_000)
    #expect(mapped.isAll(1))
    try write(cache, id: 10, byteCount: 20_000_000, value: 10)
    #expect(mapped.isAll(1))
  }

  @Test("An image is checked on its first open only, and again once its file was written")
  func verifying() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("segments")
    var cache = try SegmentCache.open(at: path)
    try write(cache, id: 1, byteCount: 300_000, value: 1)
    try write(cache, id: 2, byteCount: 300_000, value: 2)
    // A write shows only once the clock of files has moved on.
    func settle() { usleep(150_000) }
    settle()
    func isVerified(_ id: Int64) throws -> Bool {
      try cache.verifying(cache.segment(id: id)) { $0 }
    }
    #expect(try !isVerified(1))
    #expect(try isVerified(1))
    #expect(try !isVerified(2))
    #expect(try isVerified(2))
    cache.close()
    cache = try SegmentCache.open(at: path)
    #expect(try isVerified(1))
    // A check that fails is not remembered.
    try write(cache, id: 3, byteCount: 300_000, value: 3)
    #expect(try !isVerified(1))
    #expect(try !isVerified(1), "too soon after a write to be noted")
    settle()
    #expect(throws: TestFailure.self) {
      try cache.verifying(cache.segment(id: 3)) { _ in throw TestFailure() }
    }
    #expect(try !isVerified(3))
    #expect(try !isVerified(1), "the file was written")
    // A byte changed by anybody else.
    #expect(try isVerified(1))
    cache.close()
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path + "/data.mdb"))
    try file.seek(toOffset: 200_000)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: 200_000)
    try file.write(contentsOf: [byte ^ 1])
    try file.close()
    settle()
    cache = try SegmentCache.open(at: path)
    #expect(try !isVerified(1))
    // The note lost or nonsense costs a check.
    #expect(try isVerified(1))
    try Data("nonsense\n1 sum-300000\n".utf8).write(
      to: URL(fileURLWithPath: path + ".verified"))
    #expect(try !isVerified(1))
    #expect(try isVerified(1))
  }
}

private struct TestFailure: Error {}

extension MappedSegment {
  /// Whether all bytes are `value`.
  func isAll(_ value: UInt8) -> Bool {
    withBytes { bytes in
      guard let start = bytes.baseAddress, bytes.first == value else { return bytes.isEmpty }
      // Each is what the one before is.
      return memcmp(start, start + 1, bytes.count - 1) == 0
    }
  }
}
