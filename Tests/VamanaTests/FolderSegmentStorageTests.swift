import Foundation
import Testing
import Vamana
import VectorMath

@Suite("An index kept in a folder")
struct FolderSegmentStorageTests {
  private let base = TestVectors(count: 400, dimension: 8, seed: 601)
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "engram-folder-\(UUID().uuidString)").path

  private func opened(_ storage: FolderSegmentStorage) throws -> VectorIndex {
    try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 100), manifest: storage.manifest,
      storage: storage)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
  }

  /// 300 rows, three of them deleted, all in segments.
  private func fill() throws -> [UInt64] {
    let index = try opened(FolderSegmentStorage(path: folder))
    try index.insert(base.values(0..<300), recordIDs: (0..<300).map(UInt64.init))
    try index.delete([0, 64, 299])
    try index.flush(sealingTail: true)
    index.close()
    return index.snapshot().recordIDs
  }

  @Test("What was flushed is there when the folder is opened again, and can be written on")
  func reopened() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let records = try fill()
    let index = try opened(FolderSegmentStorage(path: folder))
    #expect(index.snapshot().recordIDs == records)
    #expect(index.count == 297)
    for row in [1, 50, 298] {
      let nearest = try #require(try index.search(base.row(row)).first)
      #expect(nearest.recordID == UInt64(row))
    }
    try index.insert(base.values(300..<400), recordIDs: (300..<400).map(UInt64.init))
    try index.flush(sealingTail: true)
    index.close()
    let manifest = try #require(index.manifest as SegmentManifest?)
    let files = try names().filter { $0.hasSuffix(".segment") }
    #expect(Set(files) == Set(manifest.segments.map { $0.handle.rawValue + ".segment" }))
  }

  @Test("What a killed process left unnamed is removed, other files stay")
  func leftovers() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let records = try fill()
    let left = [
      UUID().uuidString + ".segment", UUID().uuidString + ".segment.17.partial",
      "manifest.4711.partial",
    ]
    for name in left + ["notes.txt", "download.partial", "gaussian.segment"] {
      try Data("left".utf8).write(to: URL(filePath: folder + "/" + name))
    }
    let index = try opened(FolderSegmentStorage(path: folder))
    #expect(index.snapshot().recordIDs == records)
    let there = Set(try names())
    #expect(there.isDisjoint(with: left))
    #expect(
      there.isSuperset(of: ["notes.txt", "download.partial", "gaussian.segment", "manifest"]))
    index.close()
  }

  @Test("A second index on the folder is refused, until the first is gone")
  func locked() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var first: FolderSegmentStorage? = try FolderSegmentStorage(path: folder)
    #expect(throws: VamanaError.self) { _ = try FolderSegmentStorage(path: folder) }
    #expect(first?.manifest == nil)
    first = nil
    _ = try FolderSegmentStorage(path: folder)
  }

  @Test("A flipped bit anywhere in the manifest or a segment is an error, and removes nothing")
  func damaged() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try fill()
    var generator = SeededGenerator(seed: 602)
    let files = try names().filter { $0 != "lock" }
    for name in files {
      let url = URL(filePath: folder + "/" + name)
      let intact = try Data(contentsOf: url)
      for _ in 0..<20 {
        let place = Int.random(in: 0..<intact.count, using: &generator)
        var bytes = intact
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        try bytes.write(to: url)
        // Bytes between the sections of a segment mean nothing.
        let isPadding = name != "manifest" && intact[place] == 0
        do {
          let index = try opened(FolderSegmentStorage(path: folder))
          index.close()
          #expect(isPadding, "byte \(place) of \(name)")
        } catch {
          #expect(error is VectorIndexError || error is VamanaError)
        }
        #expect(Set(try names()).isSuperset(of: files))
      }
      try intact.write(to: url)
    }
    let index = try opened(FolderSegmentStorage(path: folder))
    #expect(index.count == 297)
    index.close()
  }

  @Test("A manifest cannot name files outside the folder")
  func foreignNames() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let storage = try FolderSegmentStorage(path: folder)
    let elsewhere = SegmentHandle(rawValue: "../../etc/passwd")
    #expect(throws: VectorIndexError.self) { try storage.open(elsewhere) }
  }
}
