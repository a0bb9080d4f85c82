import Foundation
import Testing
import VectorMath

@testable import Vamana

@Suite("Damaged segments on disk")
struct DiskSegmentDamageTests {
  private let base = TestVectors(count: 400, dimension: 16, seed: 91)

  private func uncached(_ path: String, verifying: Bool = true) throws -> DiskSegment {
    var options = DiskSegmentOptions()
    options.cacheByteCount = 0
    options.verifiesRecords = verifying
    return try DiskSegment(path: path, options: options)
  }

  @Test("A missing file, a folder, foreign bytes and an image placed for memory are refused")
  func refusals() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let missing = folder + "/engram-\(UUID().uuidString)"
    #expect(
      throws: VamanaError.fileFailed(
        path: missing, offset: 0, problem: "No such file or directory")
    ) { try DiskSegment(path: missing) }
    #expect(
      throws: VamanaError.fileFailed(path: folder, offset: 0, problem: "not a regular file")
    ) { try DiskSegment(path: folder) }
    try Data(count: 5000).write(to: URL(fileURLWithPath: missing))
    defer { try? FileManager.default.removeItem(atPath: missing) }
    #expect(throws: VamanaError.self) { try DiskSegment(path: missing) }
    let packed = try StoredImage(of: base, metric: .cosine, placement: .memory)
    let error = #expect(throws: VamanaError.self) { try DiskSegment(path: packed.path) }
    #expect(error?.description.contains("placed for memory") == true)
  }

  @Test("A file that is too short is refused when it is opened")
  func truncatedBefore() throws {
    let stored = try StoredImage(of: base, metric: .cosine)
    let whole = stored.image.bytes.count
    for byteCount in [whole - 1, whole / 2, 4096, 512, 511, 0] {
      try stored.truncate(to: byteCount)
      let error = #expect(throws: VamanaError.self) { try DiskSegment(path: stored.path) }
      guard case .fileFailed(let path, let offset, let problem) = error else {
        Issue.record("\(byteCount) bytes: \(String(describing: error))")
        continue
      }
      #expect(path == stored.path)
      #expect(offset == byteCount)
      #expect(problem.contains("truncated"))
    }
  }

  @Test("A file that is cut off while it is searched throws the place, and never crashes")
  func truncatedMeanwhile() throws {
    let stored = try StoredImage(of: base, metric: .cosine)
    let disk = try uncached(stored.path)
    try stored.truncate(to: stored.image.bytes.count / 2)
    var failures = 0
    for index in 0..<50 {
      do {
        _ = try disk.search(base.row(index))
      } catch VamanaError.fileFailed(let path, let offset, _) {
        #expect(path == stored.path)
        #expect(offset >= stored.image.bytes.count / 2)
        failures += 1
      }
    }
    #expect(failures > 0)
    #expect(throws: VamanaError.self) { try disk.verify() }
  }

  @Test("A flipped byte of the record ids is an error of the first search with a filter")
  func flippedRecordIDs() throws {
    let stored = try StoredImage(of: base, metric: .cosine)
    let disk = try uncached(stored.path)
    let section = try Segment(stored.image).layout[.recordIDs]
    try stored.flip(byteAt: section.lowerBound + 8)
    for _ in 0..<3 {
      #expect(throws: VamanaError.checksumMismatch(section: "recordIDs")) {
        try disk.search(base.row(0), filter: RecordFilter([0, 1, 2]))
      }
    }
  }

  @Test("Every flipped bit of a record is noticed by the read that brings it")
  func flippedRecords() throws {
    let stored = try StoredImage(of: base, metric: .cosine)
    let start = stored.image.bytes.count - stored.image.bytes.count / 4
    let disk = try uncached(stored.path)
    let good = try disk.search(base.row(3), parameters: SearchParameters(k: 400))
    #expect(good.count == 400)
    for step in 0..<10 {
      let offset = start + step * 137
      try stored.flip(byteAt: offset)
      // A list as long as the index reads every record; so does a check.
      var caught: VamanaError?
      do { _ = try disk.search(base.row(3), parameters: SearchParameters(k: 400)) } catch {
        caught = error
      }
      #expect((try? disk.verify()) == nil ? caught != nil : caught == nil)
      if case .fileFailed(let path, let at, let problem) = caught {
        #expect(path == stored.path)
        #expect(at <= offset && offset < at + 4096)
        #expect(problem.contains("checksum"))
      }
      try stored.flip(byteAt: offset)
    }
    #expect(try disk.search(base.row(3), parameters: SearchParameters(k: 400)) == good)
  }

  @Test("Damage before the nodes is noticed when the file is opened")
  func flippedHead() throws {
    let stored = try StoredImage(of: base, metric: .innerProduct)
    for offset in [0, 9, 24, 100, 200, 468, 480, 508, 512, 600] {
      try stored.flip(byteAt: offset)
      #expect(throws: VamanaError.self) { try DiskSegment(path: stored.path) }
      try stored.flip(byteAt: offset)
    }
    _ = try DiskSegment(path: stored.path)
  }

  @Test("Without checking records, damaged ones are harmless")
  func unverified() throws {
    let stored = try StoredImage(of: base, metric: .squaredEuclidean)
    var generator = SeededGenerator(seed: 92)
    print("seed 91/92")
    let half = stored.image.bytes.count / 2
    for _ in 0..<2000 {
      try stored.flip(byteAt: Int.random(in: half..<stored.image.bytes.count, using: &generator))
    }
    let disk = try uncached(stored.path, verifying: false)
    for index in 0..<50 {
      #expect(try disk.search(base.row(index)).count <= 10)
    }
  }
}
