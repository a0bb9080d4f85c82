import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Values that are not what was written")
struct ValueDamageTests {
  /// A bit of the cache's file turned, where `text` is.
  private func flip(_ text: String, in path: String, offset: Int = 0) throws {
    let file = URL(fileURLWithPath: path + "/data.mdb")
    let bytes = try Data(contentsOf: file)
    // Older copies of a page may hold it too.
    var places: [Int] = []
    var start = bytes.startIndex
    while let found = bytes[start...].range(of: Data(text.utf8)) {
      places.append(found.lowerBound)
      start = found.upperBound
    }
    #expect(!places.isEmpty)
    let handle = try FileHandle(forUpdating: file)
    for place in places {
      try handle.seek(toOffset: UInt64(place + offset))
      try handle.write(contentsOf: [bytes[place + offset] ^ 0x01])
    }
    try handle.close()
  }

  private func filled(_ path: String) throws -> RecordCache {
    let cache = try RecordCache.open(at: path)
    var random = RandomRecords(seed: 4)
    var batch = CacheBatch()
    batch.episodes = (0..<20).map {
      Episode(
        id: "episode-\($0)", taskDescription: "the text of episode \($0).",
        startTime: Timestamp(nanosecondsSince1970: 1))
    }
    batch.patterns = [try random.pattern(id: "pattern-1")]
    batch.heuristics = [
      Heuristic(
        id: "heuristic-1", condition: "a condition to find", action: "a", confidence: 1,
        evidence: [], createdAt: Timestamp(nanosecondsSince1970: 1),
        updatedAt: Timestamp(nanosecondsSince1970: 1))
    ]
    batch.embeddings = (1...20).map {
      CachedEmbedding(
        id: UInt64($0),
        embedding: Embedding(
          owner: EmbeddingOwner(kind: .episode, id: "episode-\($0 - 1)"), model: "m",
          vector: [1, 2, 3, Float($0)], contentHash: "hash-of-\($0)."))
    }
    batch.watermark = 9
    batch.origin = "store-1"
    try cache.apply(batch)
    return cache
  }

  @Test("A value changed while the cache is open counts as missing and is known to be damaged")
  func whileOpen() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    let cache = try filled(path)
    try flip("the text of episode 7.", in: path, offset: 9)
    try flip("a condition to find", in: path)
    try flip("hash-of-3.", in: path)
    #expect(try cache.episode(id: "episode-7") == nil)
    #expect(try cache.withEpisodeBytes(id: "episode-7") { $0.count } == nil)
    #expect(try cache.episode(id: "episode-8") != nil)
    #expect(try cache.heuristic(id: "heuristic-1") == nil)
    #expect(try cache.embedding(id: 3) == nil && cache.embeddingOwner(id: 3) == nil)
    var seen = 0
    try cache.withEmbeddings { _ in
      seen += 1
      return true
    }
    #expect(seen == 19)
    let damage = cache.takeDamage()
    #expect(damage.episodeIDs == ["episode-7"] && damage.heuristicIDs == ["heuristic-1"])
    #expect(damage.embeddingIDs == [3] && damage.patternIDs == [])
    #expect(cache.knownDamage().isEmpty)
    #expect(try cache.statistics().damagedValues >= 4)
    let report = try cache.verify()
    #expect(report.damagedValueCount == 3)
    #expect(try !cache.isIntact())
  }

  @Test(
    "A value or key changed while the cache was closed has the cache set aside",
    arguments: [
      "the text of episode 7.", "episode-11", "a condition to find", "hash-of-3.", "pattern-1",
      "store-1", "watermark",
    ])
  func whileClosed(text: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    try filled(path).close()
    try flip(text, in: path)
    let cache = try RecordCache.open(at: path)
    guard case .rebuilt(let reason, let setAside) = cache.opening else {
      Issue.record("\(cache.opening)")
      return
    }
    #expect(reason.reason == .damaged)
    #expect(setAside == path + ".set-aside")
    #expect(try cache.watermark == nil)
  }

  @Test("A cache that was checked is not read again at opening until it changes")
  func checkedNote() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    try filled(path).close()
    // The clock of files moves in steps; what changed just now could change unseen.
    Thread.sleep(forTimeInterval: 0.2)
    #expect(!CheckedNote(directory: path).isValid)
    try RecordCache.open(at: path).close()
    #expect(CheckedNote(directory: path).isValid)
    let cache = try RecordCache.open(at: path)
    _ = try cache.episode(id: "episode-1")
    #expect(CheckedNote(directory: path).isValid)
    try cache.sweep()
    #expect(!CheckedNote(directory: path).isValid)
  }
}
