import Foundation
import Testing
import Vamana
import VectorMath

@Suite("One segment in several processes")
struct SegmentProcessTests {
  static let queryCount = 60
  static let base = TestVectors(count: 1_000, dimension: 16, seed: 95)

  struct Different: Error { var query: Int }

  /// Opens a file of a segment in place and asks it everything.
  static func answers(_ path: String) throws -> [[SearchHit]] {
    let segment = try open(path)
    return try (0..<queryCount).map { try segment.search(base.row($0 * 7)) }
  }

  private static func open(_ path: String) throws -> Segment {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    let byteCount = Int(try file.seekToEnd())
    // SAFETY: a shared map of the whole file, read-only, given back by its owner.
    let address = mmap(nil, byteCount, PROT_READ, MAP_SHARED, file.fileDescriptor, 0)
    guard let address, address != MAP_FAILED else { throw CocoaError(.fileReadUnknown) }
    let map = FileMap(bytes: UnsafeRawBufferPointer(start: address, count: byteCount))
    return try Segment(bytes: map.bytes, owner: map)
  }

  static func check(_ path: String) async {
    await #expect(processExitsWith: .success) { [path = path as String] in
      let stored = try Data(contentsOf: URL(fileURLWithPath: path + ".answers"))
      let expected = stored.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
      for _ in 0..<3 {
        let answers = try SegmentProcessTests.answers(path)
        guard SegmentProcessTests.numbers(answers) == expected else {
          throw Different(query: answers.count)
        }
      }
    }
  }

  /// Ids and the bits of the distances.
  static func numbers(_ answers: [[SearchHit]]) -> [UInt64] {
    answers.flatMap { $0 }.flatMap { [$0.recordID, UInt64($0.distance.bitPattern)] }
  }

  @Test("Processes that search one mapped file at once give the same answers, bit for bit")
  func equalAnswers() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("engram-segment-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("segment").path
    let image = try Self.base.build(metric: .cosine)
    try Data(image.bytes).write(to: URL(fileURLWithPath: path))
    let expected = try Self.answers(path)
    #expect(expected.allSatisfy { $0.count == 10 })
    try Self.numbers(expected).withUnsafeBytes { numbers in
      try Data(numbers).write(to: URL(fileURLWithPath: path + ".answers"))
    }
    async let first: Void = Self.check(path)
    async let second: Void = Self.check(path)
    #expect(try Self.answers(path) == expected)
    _ = await (first, second)
  }
}

/// A file in memory.
private final class FileMap: @unchecked Sendable {
  // SAFETY: read-only, and valid until the object is gone.
  let bytes: UnsafeRawBufferPointer

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
