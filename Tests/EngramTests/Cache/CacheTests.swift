import Engram
import Episodes
import Foundation
import Sync
import TestSupport
import Testing

@Suite("The cache of a memory")
struct CacheTests {
  private func flip(_ text: String, in file: String) throws {
    let url = URL(fileURLWithPath: file)
    let bytes = try Data(contentsOf: url)
    let handle = try FileHandle(forUpdating: url)
    var start = bytes.startIndex
    var count = 0
    while let found = bytes[start...].range(of: Data(text.utf8)) {
      try handle.seek(toOffset: UInt64(found.lowerBound))
      try handle.write(contentsOf: [bytes[found.lowerBound] ^ 0x01])
      start = found.upperBound
      count += 1
    }
    try handle.close()
    #expect(count > 0)
  }

  @Test("A record damaged under an open memory is read again by the search that finds it")
  func healing() async throws {
    try await TemporaryHome.withMemory { memory, home in
      var random = RandomEpisodes(seed: 1)
      var episode = random.episode("damaged")
      episode.taskDescription = "the only one about zebras"
      _ = try await memory.importEpisodes(random.episodes(30) + [episode])
      let before = try await memory.search(SearchRequest("zebras", limit: 31)).hits
      try flip("the only one about zebras", in: home.file("cache/records/data.mdb"))
      let after = try await memory.search(SearchRequest("zebras", limit: 31)).hits
      #expect(after == before)
      #expect(try memory.cacheStatistics().process.damagedValues > 0)
      #expect(try await memory.checkCache().problems == [])
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("The sweeper of a memory drops what expired, and ends with it")
  func sweeper() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    // The clock of the tests goes on a second with each reading.
    configuration.cache = CacheSettings(timeToLiveSeconds: 300, sweepIntervalSeconds: 0.01)
    var memory: Memory? = try await Memory.open(configuration)
    var random = RandomEpisodes(seed: 2)
    _ = try await memory?.importEpisodes(random.episodes(5))
    #expect(try memory?.cacheStatistics().episodes == 5)
    let end = Date().addingTimeInterval(180)
    while try memory?.cacheStatistics().episodes != 0, Date() < end {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(try memory?.cacheStatistics().total.expirations == 5)
    // Not from the store, and a search has them back.
    #expect(try await memory?.search(SearchRequest("login", limit: 10)).hits.count == 5)
    weak let dropped = memory
    memory = nil
    while dropped != nil, Date() < end { try await Task.sleep(for: .milliseconds(5)) }
    #expect(dropped == nil, "the sweeper keeps the memory alive")
  }

  @Test("An episode that was evicted is found, and is in the cache again afterwards")
  func readThrough() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    configuration.cachedEpisodesMax = 10
    let memory = try await Memory.open(configuration)
    var random = RandomEpisodes(seed: 3)
    _ = try await memory.importEpisodes(random.episodes(40))
    #expect(try memory.cacheStatistics().episodes == 10)
    let question = SearchRequest("login session token", limit: 5)
    let first = try await memory.search(question).hits
    let end = Date().addingTimeInterval(180)
    var misses = Int.max
    while misses > 0, Date() < end {
      let before = try memory.cacheStatistics().process.misses
      #expect(try await memory.search(question).hits == first)
      misses = try memory.cacheStatistics().process.misses - before
    }
    #expect(misses == 0)
    #expect(try memory.cacheStatistics().episodes == 10)
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("Cleared, the cache is filled again and answers as before")
  func clearing() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 4)
      _ = try await memory.importEpisodes(random.episodes(50))
      _ = try await memory.buildIndex()
      let before = try await memory.search(SearchRequest("login", limit: 20)).hits
      let report = try await memory.clearCache()
      #expect(report.embeddingsWritten == 50 && report.segmentsCarried == 1)
      #expect(try await memory.search(SearchRequest("login", limit: 20)).hits == before)
      #expect(try await memory.validateCache().problems == [])
      #expect(try await memory.checkCache().isSound)
    }
  }

  @Test("Compressed or not, the cache serves the same episodes")
  func compression() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    configuration.cache.compressionLevel = CacheSettings.defaultCompressionLevel
    var random = RandomEpisodes(seed: 5)
    var memory = try await Memory.open(configuration)
    _ = try await memory.importEpisodes(random.episodes(400))
    #expect(try memory.cacheStatistics().dictionary != nil)
    let hits = try await memory.search(SearchRequest("login", limit: 400)).hits
    await memory.close()
    memory = try await home.open()
    #expect(try await memory.search(SearchRequest("login", limit: 400)).hits == hits)
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }
}
