import Episodes
import Foundation
import Synchronization
import Testing

@testable import Cache

@Suite("Batches take effect as a whole")
struct RecordApplyTests {
  func cache(
    _ directory: TemporaryDirectory, episodesMax: Int = 1000
  ) throws -> RecordCache {
    try RecordCache.open(
      at: directory.file("records"),
      configuration: RecordCacheConfiguration(episodesMax: episodesMax))
  }

  func episode(_ id: String) -> Episode {
    Episode(id: id, taskDescription: "task \(id)", startTime: Timestamp(nanosecondsSince1970: 1))
  }

  func puts(_ ids: [String]) -> CacheBatch {
    var batch = CacheBatch()
    batch.episodes = ids.map(episode)
    return batch
  }

  @Test("The bound on episodes holds, and the least recently used go first")
  func eviction() throws {
    let directory = try TemporaryDirectory()
    let cache = try cache(directory, episodesMax: 3)
    #expect(try cache.apply(puts(["a", "b", "c"])).evictedCount == 0)
    #expect(try cache.apply(puts(["d"])).evictedCount == 1)
    #expect(try cache.episodeIDs() == ["d", "c", "b"])
    // Reading refreshes; a miss and a look without reading do not.
    _ = try cache.episode(id: "b")
    _ = try cache.episode(id: "a")
    _ = try cache.containsEpisode(id: "c")
    try cache.apply(puts(["e"]))
    #expect(try cache.episodeIDs() == ["e", "b", "d"])
    // Putting again refreshes and does not count twice.
    #expect(try cache.apply(puts(["d"])).evictedCount == 0)
    #expect(try cache.episodeIDs() == ["d", "e", "b"])
    #expect(try cache.apply(puts(["f", "g", "h", "i"])).evictedCount == 4)
    #expect(try cache.episodeIDs() == ["i", "h", "g"])
    #expect(try cache.episode(id: "d") == nil)
    let statistics = try cache.statistics()
    #expect(statistics.episodeCount == 3)
    #expect(statistics.evictions == 6)
    #expect(try cache.verify().isSound)
  }

  @Test("The order of use follows a model over many random batches, reads and deletes")
  func evictionModel() throws {
    let seed: UInt64 = 0x12_0DE1
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let cache = try cache(directory, episodesMax: 20)
    // The latest used last.
    var model: [String] = []
    var reads: [String] = []
    for _ in 0..<60 {
      for _ in 0..<generator.below(10) {
        let id = "e\(generator.below(40))"
        let isThere = try cache.episode(id: id) != nil
        #expect(isThere == model.contains(id))
        if isThere { reads.append(id) }
      }
      var batch = CacheBatch()
      batch.deletedEpisodeIDs = (0..<generator.below(3)).map { _ in "e\(generator.below(40))" }
      batch.episodes = (0..<generator.below(8)).map { _ in episode("e\(generator.below(40))") }
      try cache.apply(batch)
      for id in reads where model.contains(id) {
        model.removeAll { $0 == id }
        model.append(id)
      }
      reads = []
      model.removeAll { batch.deletedEpisodeIDs.contains($0) }
      for put in batch.episodes {
        model.removeAll { $0 == put.id }
        model.append(put.id)
      }
      model.removeFirst(max(0, model.count - 20))
      #expect(try cache.episodeIDs() == model.reversed())
    }
    #expect(try cache.verify().isSound)
  }

  @Test("Expired episodes are not served, and are gone from the file after a sweep or a batch")
  func expiry() throws {
    let directory = try TemporaryDirectory()
    let clock = Clock()
    let cache = try RecordCache.open(
      at: directory.file("records"),
      configuration: RecordCacheConfiguration(timeToLiveSeconds: 10, now: { clock.now }))
    try cache.apply(puts(["a"]))
    clock.advance(seconds: 6)
    try cache.apply(puts(["b"]))
    #expect(try cache.sweepExpired() == 0)
    clock.advance(seconds: 5)
    #expect(try cache.episode(id: "a") == nil)
    #expect(try cache.containsEpisode(id: "a") == false)
    #expect(try cache.episodes(ids: ["a", "b"]) == [nil, episode("b")])
    #expect(try cache.statistics().episodeCount == 2)
    #expect(try cache.sweepExpired() == 1)
    #expect(try cache.statistics().episodeCount == 1)
    // Putting again starts its time anew; reading does not.
    try cache.apply(puts(["b", "c"]))
    clock.advance(seconds: 9)
    #expect(try cache.episodeIDs().sorted() == ["b", "c"])
    _ = try cache.episode(id: "b")
    clock.advance(seconds: 2)
    #expect(try cache.apply(CacheBatch()).expiredCount == 2)
    #expect(try cache.statistics().episodeCount == 0)
    #expect(try cache.statistics().expirations == 3)
    #expect(try cache.verify().isSound)
  }

  @Test("Records and watermark change together, and a failed batch changes neither")
  func atomicity() throws {
    let directory = try TemporaryDirectory()
    // A map of 1 MiB that cannot grow, since a reader reads on.
    let cache = try RecordCache.open(
      at: directory.file("records"), configuration: RecordCacheConfiguration(mapBytes: 1 << 20))
    var batch = puts(["a"])
    batch.watermark = 7
    try cache.apply(batch)
    #expect(try cache.watermark == 7)
    let lease = try cache.held(for: "test")
    lease.environment.growthWaitMillisecondsMax.store(20, ordering: .relaxed)
    let reader = try lease.environment.beginRead()
    var large = puts(["b"])
    large.episodes[0].taskDescription = String(repeating: "x", count: 2 << 20)
    large.deletedEpisodeIDs = ["a"]
    large.watermark = 8
    let error = #expect(throws: CacheError.self) { try cache.apply(large) }
    #expect(error?.reason == .mapFull)
    #expect(try cache.watermark == 7)
    #expect(try cache.episodeIDs() == ["a"])
    lease.environment.endRead(reader)
    // Nobody reads now, so the map grows.
    try cache.apply(large)
    #expect(try cache.watermark == 8)
    #expect(try cache.episodes(ids: ["a", "b"]) == [nil, large.episodes[0]])
    #expect(try cache.statistics().mapBytes > 1 << 20)
  }

  @Test("A watermark can be any number, and stays when a batch has none")
  func watermark() throws {
    let directory = try TemporaryDirectory()
    let cache = try cache(directory)
    #expect(try cache.watermark == nil)
    for value: Int64 in [0, -5, .max, .min, 12] {
      var batch = CacheBatch()
      batch.watermark = value
      try cache.apply(batch)
      #expect(try cache.watermark == value)
    }
    try cache.apply(puts(["a"]))
    #expect(try cache.watermark == 12)
  }

  @Test("Deletes come before puts, and take the embeddings of what is deleted with them")
  func deletes() throws {
    var random = RandomRecords(seed: 9)
    let directory = try TemporaryDirectory()
    let cache = try cache(directory)
    let owners: [EmbeddingOwner] = [
      EmbeddingOwner(kind: .episode, id: "a"), EmbeddingOwner(kind: .step, id: "a", part: 1),
      EmbeddingOwner(kind: .step, id: "a", part: 2), EmbeddingOwner(kind: .summary, id: "a"),
      EmbeddingOwner(kind: .episode, id: "ab"), EmbeddingOwner(kind: .pattern, id: "a"),
    ]
    var batch = puts(["a", "ab"])
    batch.patterns = [try random.pattern(id: "a")]
    batch.heuristics = [random.heuristic(id: "h")]
    for (number, owner) in owners.enumerated() {
      batch.embeddings.append(
        CachedEmbedding(id: UInt64(number), embedding: random.embedding(owner: owner)))
    }
    try cache.apply(batch)
    #expect(try cache.embeddingIDs(of: .step, ownerID: "a") == [1, 2])
    var deletion = CacheBatch()
    deletion.deletedEpisodeIDs = ["a", "missing"]
    deletion.deletedHeuristicIDs = ["h"]
    deletion.episodes = [episode("a")]
    try cache.apply(deletion)
    #expect(try cache.episodeIDs() == ["a", "ab"])
    #expect(try cache.heuristics() == [])
    #expect(
      try cache.embeddingOwners(ids: [0, 1, 2, 3, 4, 5])
        == [nil, nil, nil, nil, owners[4], owners[5]])
    deletion = CacheBatch()
    deletion.deletedPatternIDs = ["a"]
    deletion.deletedEmbeddingIDs = [4, 99]
    try cache.apply(deletion)
    #expect(try cache.patterns() == [])
    #expect(try cache.embeddingCount == 0)
    #expect(try cache.verify().isSound)
  }

  @Test("Removing everything leaves an empty cache that works")
  func removeAll() throws {
    var random = RandomRecords(seed: 10)
    let directory = try TemporaryDirectory()
    let cache = try cache(directory)
    var batch = puts((0..<50).map { "e\($0)" })
    batch.patterns = [try random.pattern(id: "p")]
    batch.watermark = 3
    try cache.apply(batch)
    try cache.removeAll()
    #expect(try cache.watermark == nil)
    let statistics = try cache.statistics()
    #expect(statistics.episodeCount == 0 && statistics.patternCount == 0)
    #expect(statistics.usedBytes <= 4096, "only what was counted stays")
    #expect(statistics.deletes == 51)
    try cache.apply(puts(["new"]))
    #expect(try cache.episodeIDs() == ["new"])
    #expect(try cache.verify().isSound)
  }

  @Test("Statistics count what was read and written")
  func statistics() throws {
    let directory = try TemporaryDirectory()
    let cache = try cache(directory)
    #expect(try cache.statistics().hitRate == nil)
    try cache.apply(puts(["a", "b"]))
    _ = try cache.episodes(ids: ["a", "b", "c"])
    _ = try cache.pattern(id: "p")
    let statistics = try cache.statistics()
    #expect(statistics.hits == 2)
    #expect(statistics.misses == 2)
    #expect(statistics.hitRate == 0.5)
    #expect(statistics.puts == 2)
    #expect(statistics.fileBytes >= statistics.usedBytes)
    #expect(statistics.usedBytes > 0)
    #expect(statistics.mapBytes >= EnvironmentOptions.fallbackMapBytesMin)
  }
}

/// A clock that tests move.
final class Clock: Sendable {
  private let nanoseconds = Mutex<Int64>(1_000_000_000_000)

  var now: Timestamp {
    Timestamp(nanosecondsSince1970: nanoseconds.withLock { $0 })
  }

  func advance(seconds: Int64) { nanoseconds.withLock { $0 += seconds * 1_000_000_000 } }
}
