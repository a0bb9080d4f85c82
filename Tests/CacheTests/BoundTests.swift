import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Bounds, counts and space")
struct BoundTests {
  private func episode(_ id: String, length: Int) -> Episode {
    Episode(
      id: id, taskDescription: String(repeating: "x", count: length),
      startTime: Timestamp(nanosecondsSince1970: 1))
  }

  private func batch(_ episodes: [Episode]) -> CacheBatch {
    var batch = CacheBatch()
    batch.episodes = episodes
    return batch
  }

  private func open(
    _ directory: TemporaryDirectory, _ configuration: RecordCacheConfiguration
  ) throws -> RecordCache {
    try RecordCache.open(at: directory.file("records"), configuration: configuration)
  }

  @Test("The bound on bytes holds with every batch, the least recently used go first, one stays")
  func byteBound() throws {
    let directory = try TemporaryDirectory()
    let cache = try open(directory, RecordCacheConfiguration(episodeBytesMax: 10_000))
    for number in 0..<20 { try cache.apply(batch([episode("e\(number)", length: 3000)])) }
    #expect(try cache.episodeIDs() == ["e19", "e18", "e17"])
    let statistics = try cache.statistics()
    #expect(statistics.episodeBytes <= 10_000 && statistics.episodeBytes > 9000)
    #expect(statistics.evictions == 17)
    // A longer value in the place of a shorter one counts as what it is.
    #expect(try cache.apply(batch([episode("e18", length: 6000)])).evictedCount == 1)
    #expect(try cache.episodeIDs() == ["e18", "e19"])
    #expect(try cache.apply(batch([episode("huge", length: 50_000)])).evictedCount == 2)
    #expect(try cache.episodeIDs() == ["huge"])
    var deletion = CacheBatch()
    deletion.deletedEpisodeIDs = ["huge"]
    try cache.apply(deletion)
    #expect(try cache.statistics().episodeBytes == 0)
    #expect(try cache.verify().isSound)
  }

  @Test("A smaller bound takes effect with the next sweep")
  func sweepToSmallerBound() throws {
    let directory = try TemporaryDirectory()
    let large = try open(directory, RecordCacheConfiguration())
    try large.apply(batch((0..<50).map { episode("e\($0)", length: 10) }))
    large.close()
    let small = try open(directory, RecordCacheConfiguration(episodesMax: 7))
    #expect(try small.sweep() == CacheSweep(evictedCount: 43))
    #expect(try small.sweep() == CacheSweep())
    #expect(try small.episodeIDs().count == 7)
  }

  @Test("A sweep writes down which episodes were read, so that other openings evict by it")
  func readsAreKept() throws {
    let directory = try TemporaryDirectory()
    let first = try open(directory, RecordCacheConfiguration(episodesMax: 3))
    try first.apply(batch(["a", "b", "c"].map { episode($0, length: 1) }))
    _ = try first.episode(id: "a")
    #expect(try first.sweep().refreshedCount == 1)
    first.close()
    let second = try open(directory, RecordCacheConfiguration(episodesMax: 3))
    try second.apply(batch([episode("d", length: 1)]))
    #expect(try second.episodeIDs() == ["d", "a", "c"])
  }

  @Test("Counts of all openings add up, and those of this one are told apart")
  func totals() throws {
    let directory = try TemporaryDirectory()
    for round in 1...3 {
      let cache = try open(directory, RecordCacheConfiguration(episodesMax: 2))
      try cache.apply(batch(["a", "b", "c"].map { episode("\($0)\(round)", length: 1) }))
      _ = try cache.episode(id: "c\(round)")
      _ = try cache.episode(id: "a\(round)")
      let statistics = try cache.statistics()
      #expect(statistics.hits == 1 && statistics.misses == 1 && statistics.puts == 3)
      #expect(statistics.totals.hits == round && statistics.totals.misses == round)
      #expect(statistics.totals.puts == 3 * round)
      #expect(statistics.totals.evictions == 3 * round - 2)
      #expect(statistics.totals.hitRate == 0.5)
      try cache.sweep()
      #expect(try cache.statistics().totals == statistics.totals)
      cache.close()
    }
    let cache = try open(directory, RecordCacheConfiguration(episodesMax: 2))
    let before = try cache.statistics().totals
    try cache.removeAll()
    // What goes on counts on.
    #expect(try cache.statistics().totals.deletes == before.deletes + 2)
    #expect(try cache.statistics().totals.puts == before.puts)
  }

  private static func churn(insertCount: Int, batchSize: Int, random: Bool) throws {
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(
      at: directory.file("records"), configuration: RecordCacheConfiguration(episodesMax: 10_000))
    var generator = SeededGenerator(seed: 1)
    let text = String(repeating: "what was done, and what came of it; ", count: 60)
    var worst = 0.0
    for start in stride(from: 0, to: insertCount, by: batchSize) {
      var batch = CacheBatch()
      batch.episodes = (start..<start + batchSize).map { number in
        Episode(
          id: random ? "e\(generator.next())" : "e\(1_000_000_000 + number)",
          taskDescription: String(text.prefix(200 + generator.below(1200))),
          startTime: Timestamp(nanosecondsSince1970: Int64(number)))
      }
      try cache.apply(batch)
      if start % 20_000 == 0, start >= 20_000 {
        let statistics = try cache.statistics()
        worst = max(worst, Double(statistics.fileBytes) / Double(statistics.usedBytes))
      }
    }
    let statistics = try cache.statistics()
    worst = max(worst, Double(statistics.fileBytes) / Double(statistics.usedBytes))
    print(
      "\(insertCount) inserts in batches of \(batchSize): file \(statistics.fileBytes), in use "
        + "\(statistics.usedBytes), values \(statistics.episodeBytes), worst \(worst)")
    #expect(statistics.episodeCount == 10_000)
    #expect(worst <= 2)
    // Ids drawn at random leave pages half empty, as they do in any B-tree; those that are made here grow
    // with time and fill them.
    if !random { #expect(statistics.fileBytes <= 2 * statistics.episodeBytes) }
    #expect(try cache.verify().isSound)
  }

  @Test(
    "A million inserts under a bound of 10,000 keep the file within twice its live data",
    .enabled(if: ProcessInfo.processInfo.environment["ENGRAM_SLOW_TESTS"] != nil))
  func millionInserts() throws {
    try Self.churn(insertCount: 1_000_000, batchSize: 100, random: false)
    try Self.churn(insertCount: 200_000, batchSize: 100, random: true)
  }
}
