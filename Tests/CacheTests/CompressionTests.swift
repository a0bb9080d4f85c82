import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Compressed records")
struct CompressionTests {
  /// Real episodes, of the data set that is in the repository.
  static func realEpisodes() throws -> [Episode] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../datasets/episodes.jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Episode.self, from: Data($0.utf8))
    }
  }

  private func open(
    _ directory: TemporaryDirectory, _ name: String, _ compression: CacheCompression?
  ) throws -> RecordCache {
    try RecordCache.open(
      at: directory.file(name), configuration: RecordCacheConfiguration(compression: compression))
  }

  private func fill(_ cache: RecordCache, _ episodes: [Episode]) throws {
    for start in stride(from: 0, to: episodes.count, by: 50) {
      var batch = CacheBatch()
      batch.episodes = Array(episodes[start..<min(episodes.count, start + 50)])
      try cache.apply(batch)
    }
  }

  @Test("Real episodes take 40 to 60 % less, and come back field for field")
  func savings() throws {
    let directory = try TemporaryDirectory()
    let episodes = try Self.realEpisodes()
    let plain = try open(directory, "plain", nil)
    try fill(plain, episodes)
    let compressed = try open(directory, "compressed", CacheCompression())
    try fill(compressed, episodes)
    let (before, after) = (
      try plain.statistics().episodeBytes, try compressed.statistics().episodeBytes
    )
    print("\(episodes.count) episodes: \(before) bytes plain, \(after) compressed")
    #expect(try plain.statistics().dictionaryID == nil)
    #expect(try compressed.statistics().dictionaryID != nil)
    #expect(Double(after) < 0.6 * Double(before))
    for episode in episodes {
      #expect(try compressed.episode(id: episode.id) == episode)
      #expect(try plain.episode(id: episode.id) == episode)
    }
    #expect(try compressed.verify().isSound)
  }

  @Test("A cache is read whatever it was compressed with, also by one that compresses otherwise")
  func otherSettings() throws {
    let directory = try TemporaryDirectory()
    let episodes = try Self.realEpisodes()
    let parts = [0..<150, 150..<220, 220..<320].map { Array(episodes[$0]) }
    for (part, compression) in zip(
      parts, [CacheCompression(), nil, CacheCompression(level: 1, usesDictionary: false)])
    {
      let cache = try open(directory, "records", compression)
      try fill(cache, part)
      cache.close()
    }
    let cache = try open(directory, "records", nil)
    #expect(try cache.episodes(ids: episodes.map(\.id)) == episodes)
    // Emptied, it starts with no dictionary.
    try cache.removeAll()
    #expect(try cache.statistics().dictionaryID == nil)
    #expect(try cache.statistics().episodeBytes == 0)
    cache.close()
    let again = try open(directory, "records", CacheCompression())
    try fill(again, episodes)
    #expect(try again.episodes(ids: episodes.map(\.id)) == episodes)
    #expect(try again.verify().isSound)
  }

  @Test("Where nothing can be learnt, it is tried again only after twice as many writes")
  func nothingToLearn() throws {
    let directory = try TemporaryDirectory()
    let episodes = try Self.realEpisodes()
    let first = try open(directory, "records", CacheCompression())
    try fill(first, Array(episodes.prefix(200)))
    // Without it no value can be read, so that there are no samples.
    let lease = try first.held(for: "test")
    try lease.environment.write { (transaction) throws(CacheError) in
      try transaction.empty(first.tables.dictionaries)
    }
    first.close()
    var refusals: [Int64] = []
    // Opened anew each time: what was tried is known to whoever comes next.
    for _ in 0..<450 {
      let cache = try open(directory, "records", CacheCompression())
      var batch = CacheBatch()
      batch.episodes = [episodes[200]]
      try cache.apply(batch)
      let refused = try cache.read("test") { (transaction) throws(CacheError) in
        try RecordMetadata.dictionaryRefused.number(in: transaction, cache.tables)
      }
      if let refused, refused != refusals.last { refusals.append(refused) }
      #expect(try cache.statistics().dictionaryID == nil)
      cache.close()
    }
    // 200 writes before the first try, and 650 in all.
    #expect(refusals == [200, 400])
    // What can be learnt from is learnt from once it is looked at again.
    let cache = try open(directory, "records", CacheCompression())
    for _ in 0..<3 { try fill(cache, episodes) }
    #expect(try cache.statistics().dictionaryID != nil)
    #expect(try cache.verify().isSound)
    withExtendedLifetime(lease) {}
  }

  @Test("Without its dictionary an episode counts as missing and is known to be damaged")
  func missingDictionary() throws {
    let directory = try TemporaryDirectory()
    let episodes = try Self.realEpisodes()
    let cache = try open(directory, "records", CacheCompression())
    try fill(cache, episodes)
    let lease = try cache.held(for: "test")
    try lease.environment.write { (transaction) throws(CacheError) in
      try transaction.empty(cache.tables.dictionaries)
    }
    cache.close()
    let reader = try open(directory, "records", nil)
    let found = try reader.episodes(ids: episodes.map(\.id))
    #expect(found.count { $0 == nil } > 100)
    #expect(reader.knownDamage().episodeIDs.count == found.count { $0 == nil })
    #expect(try reader.statistics().damagedValues == found.count { $0 == nil })
    // Put again they are whole.
    let damaged = reader.takeDamage().episodeIDs
    try fill(reader, episodes.filter { damaged.contains($0.id) })
    #expect(try reader.episodes(ids: episodes.map(\.id)) == episodes)
    #expect(reader.knownDamage().isEmpty)
    withExtendedLifetime(lease) {}
  }
}
