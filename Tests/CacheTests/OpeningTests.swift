import CLMDB
import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Opening what is on disk")
struct OpeningTests {
  /// A closed cache with some records.
  func writtenCache(_ path: String) throws -> CacheBatch {
    var random = RandomRecords(seed: 30)
    let cache = try RecordCache.open(at: path)
    var batch = CacheBatch()
    for number in 0..<60 {
      batch.episodes.append(try random.episode(id: "e\(number)"))
      batch.embeddings.append(
        CachedEmbedding(
          id: UInt64(number),
          embedding: random.embedding(
            owner: EmbeddingOwner(kind: .episode, id: "e\(number)"), dimension: 64)))
    }
    batch.watermark = 9
    try cache.apply(batch)
    // A second commit, so that there are free pages.
    var second = CacheBatch()
    second.deletedEpisodeIDs = batch.episodes.prefix(20).map(\.id)
    try cache.apply(second)
    cache.close()
    return batch
  }

  func expectRebuilt(_ path: String, _ reason: CacheError.Reason, _ why: Comment) throws {
    let cache = try RecordCache.open(at: path)
    guard case .rebuilt(let error, let setAside) = cache.opening else {
      Issue.record("\(why): opened as \(cache.opening)")
      return
    }
    #expect(error.reason == reason, why)
    #expect(FileManager.default.fileExists(atPath: setAside), why)
    #expect(try cache.watermark == nil, why)
    var batch = CacheBatch()
    batch.watermark = 1
    try cache.apply(batch)
    cache.close()
    let again = try RecordCache.open(at: path)
    #expect(again.opening == .existing, why)
    #expect(try again.watermark == 1, why)
  }

  @Test("A file that is not LMDB's is set aside and a new cache made")
  func foreignFiles() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("home/cache/records")
    let contents: [Data] = [
      Data("not a database".utf8), Data(repeating: 0, count: 4096),
      Data(repeating: 0xFF, count: 100_000),
      Data((0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ]
    for content in contents {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try content.write(to: URL(fileURLWithPath: path + "/data.mdb"))
      try expectRebuilt(path, .damaged, "\(content.count) bytes")
      let setAside = try Data(
        contentsOf: URL(fileURLWithPath: CacheDirectory.setAsidePath(path) + "/data.mdb"))
      #expect(setAside == content)
    }
  }

  @Test("A file where the directory should be is set aside")
  func fileInPlaceOfDirectory() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    try Data("in the way".utf8).write(to: URL(fileURLWithPath: path))
    try expectRebuilt(path, .damaged, "a file")
  }

  @Test("An empty file and a damaged lock file are no damage")
  func harmlessFiles() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: path + "/data.mdb"))
    try Data(repeating: 7, count: 300).write(to: URL(fileURLWithPath: path + "/lock.mdb"))
    #expect(try RecordCache.open(at: path).opening == .created)
  }

  @Test("A cache of another format version is set aside")
  func otherFormat() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    _ = try writtenCache(path)
    // The segments' cache is another format in the same kind of file.
    let segments = try SegmentCache.open(at: path)
    guard case .rebuilt(let error, _) = segments.opening else {
      Issue.record("opened as \(segments.opening)")
      return
    }
    #expect(error.reason == .otherFormat)
    segments.close()

    let data = path + "/data.mdb"
    _ = try RecordCache.open(at: path)  // Sets the segments aside.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: data))
    let name = try #require(bytes.range(of: Data("engram-records 2".utf8)))
    bytes[name.upperBound - 1] = UInt8(ascii: "9")
    try bytes.write(to: URL(fileURLWithPath: data))
    try expectRebuilt(path, .otherFormat, "version 9")
  }

  @Test("A file cut short anywhere is set aside, never read past its end")
  func truncation() throws {
    let directory = try TemporaryDirectory()
    let source = directory.file("source")
    _ = try writtenCache(source)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: source + "/data.mdb"))
    for part in [0.01, 0.2, 0.5, 0.8, 0.95] {
      let path = directory.file("cut-\(part)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try bytes.prefix(Int(Double(bytes.count) * part))
        .write(to: URL(fileURLWithPath: path + "/data.mdb"))
      try expectRebuilt(path, .damaged, "\(part) of the file")
    }
  }

  @Test("A bit in the flags of the free list, or in the page counts of a tree, sets the file aside")
  func damagedRoots() throws {
    let directory = try TemporaryDirectory()
    let source = directory.file("source")
    _ = try writtenCache(source)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source + "/data.mdb")))
    // On both meta pages the root of the free list is at byte 40, its flags at 44, its counts of branch, leaf and
    // overflow pages from 48 on; the same of the main tree from 88 on.
    let pageBytes = 4096
    for (offset, bit) in [(44, 2), (44, 3), (48 + 6, 3), (56 + 7, 0), (96 + 6, 7), (112 + 7, 7)] {
      var damaged = bytes
      for page in 0..<2 { damaged[page * pageBytes + offset] ^= 1 << bit }
      let path = directory.file("root-\(offset)-\(bit)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try Data(damaged).write(to: URL(fileURLWithPath: path + "/data.mdb"))
      try expectRebuilt(path, .damaged, "bit \(bit) of byte \(offset)")
    }
  }

  @Test("A file with pages overwritten at random opens or is set aside, and nothing crashes")
  func overwrittenPages() throws {
    let seed: UInt64 = 0xBAD_5EC7
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let source = directory.file("source")
    let batch = try writtenCache(source)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source + "/data.mdb")))
    var rebuiltCount = 0
    for round in 0..<40 {
      var damaged = bytes
      let start = generator.below(bytes.count / 512) * 512
      let count = [1, 16, 512, 4096][generator.below(4)]
      for offset in start..<min(start + count, bytes.count) {
        damaged[offset] = UInt8(truncatingIfNeeded: generator.next())
      }
      let path = directory.file("damaged")
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try Data(damaged).write(to: URL(fileURLWithPath: path + "/data.mdb"))
      let cache = try RecordCache.open(at: path)
      if cache.opening != .existing { rebuiltCount += 1 }
      _ = try? cache.episodes(ids: batch.episodes.map(\.id))
      _ = try? cache.embeddingOwners(ids: batch.embeddings.map(\.id))
      try? cache.withEmbeddings { view in
        _ = view.embedding
        return true
      }
      _ = try? cache.verify()
      _ = try? cache.apply(batch)
      cache.close()
      #expect(cache.path == path, "round \(round)")
    }
    print("rebuilt \(rebuiltCount) of 40")
    #expect(rebuiltCount > 0)
    #expect(rebuiltCount < 40)
  }

  @Test("A cache is discarded on demand, once nothing of it is open")
  func discarding() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    #expect(try RecordCache.open(at: path, discardsExisting: true).opening == .created)
    _ = try writtenCache(path)
    let open = try RecordCache.open(at: path)
    let error = #expect(throws: CacheError.self) {
      try RecordCache.open(at: path, discardsExisting: true)
    }
    #expect(error?.reason == .inUse)
    #expect(try open.watermark == 9)
    open.close()
    let fresh = try RecordCache.open(at: path, discardsExisting: true)
    #expect(fresh.opening.isFresh)
    #expect(try fresh.watermark == nil)
    #expect(try fresh.statistics().episodeCount == 0)
  }

  @Test("Only the owner may read the directory and its files")
  func permissions() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("home/cache/records")
    _ = try writtenCache(path)
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(directory.file("home")) == 0o700)
    #expect(try mode(path) == 0o700)
    #expect(try mode(path + "/data.mdb") == 0o600)
    #expect(try mode(path + "/lock.mdb") == 0o600)
    #expect(try mode(path + ".lock") == 0o600)
  }

  @Test("Caches of one directory in one process share one environment, however it is named")
  func sharing() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    let first = try RecordCache.open(at: path)
    let second = try RecordCache.open(at: path + "/../records//")
    #expect(first.opening == .created)
    #expect(second.opening == .existing)
    #expect(
      try first.held(for: "").environment === second.held(for: "").environment)
    var batch = CacheBatch()
    batch.watermark = 5
    try first.apply(batch)
    first.close()
    #expect(try second.watermark == 5)
    let error = #expect(throws: CacheError.self) { try SegmentCache.open(at: path) }
    #expect(error?.reason == .inUse)
    #expect(try second.watermark == 5)
  }

  @Test("The file is as long as its data, whatever the address space")
  func sparseness() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    let cache = try RecordCache.open(at: path)
    try cache.apply(CacheBatch())
    let statistics = try cache.statistics()
    #expect(statistics.mapBytes >= EnvironmentOptions.fallbackMapBytesMin)
    #expect(statistics.fileBytes < 1 << 18)
    #expect(try allocatedBytes(of: path + "/data.mdb") < 1 << 18)
  }

  @Test("A sound cache with free pages opens as it is, and verifies")
  func soundCache() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    let batch = try writtenCache(path)
    let cache = try RecordCache.open(at: path)
    #expect(cache.opening == .existing)
    #expect(try cache.episodes(ids: ["e20", "e59"]) == [batch.episodes[20], batch.episodes[59]])
    let report = try cache.verify()
    #expect(report.isSound)
    #expect(report.episodeCount == 40)
    #expect(report.embeddingCount == 40)
  }
}
