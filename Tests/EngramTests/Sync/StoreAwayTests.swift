import Engram
import Episodes
import Foundation
import Sync
import Testing

@Suite("A memory without its durable store")
struct StoreAwayTests {
  private func hide(_ home: TemporaryHome) throws {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.moveItem(
        atPath: home.file("engram.db" + suffix), toPath: home.file("hidden" + suffix))
    }
  }

  private func bringBack(_ home: TemporaryHome) throws {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.moveItem(
        atPath: home.file("hidden" + suffix), toPath: home.file("engram.db" + suffix))
    }
  }

  /// Nothing that writes may claim to have done so.
  private func expectWritesFail(_ memory: Memory, id: String) async {
    for body: () async throws -> Void in [
      { _ = try await memory.startEpisode(NewTask("Another")) },
      { try await memory.logStep(NewStep(tool: "make", action: "run it"), in: id) },
      { try await memory.completeEpisode(id, outcome: .failure(reason: "no", details: nil)) },
      { try await memory.deleteEpisode(id) },
      { _ = try await memory.buildIndex() },
    ] {
      await expectError(.storeAway, body)
    }
  }

  @Test(
    "A file that goes while it is open: searches and reads go on, writes fail, and all is well again"
  )
  func goesAndComesBack() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    configuration.sync.retries = RetrySchedule(firstSeconds: 0, secondsMax: 0)
    let memory = try await Memory.open(configuration)
    var random = RandomEpisodes(seed: 71)
    let episodes = random.episodes(20)
    _ = try await memory.importEpisodes(episodes)
    _ = try await memory.buildIndex()
    let id = try await memory.startEpisode(NewTask("Fix the printer driver")).id
    let expected = try await memory.search(SearchRequest("printer driver", limit: 5)).hits
    let page = try await memory.episodes(limit: 5)
    #expect(page.next != nil && !page.isPartial)

    try hide(home)
    let results = try await memory.search(SearchRequest("printer driver", limit: 5))
    #expect(results.hits == expected)
    #expect(results.isStoreAway)
    #expect(memory.syncHealth.isStoreAway)
    let filter = EpisodeFilter(domain: "web")
    let filtered = try await memory.search(SearchRequest("printer", limit: 50, filter: filter))
    #expect(
      Set(filtered.hits.map(\.episode.id))
        == Set(episodes.filter { filter.matches($0) }.map(\.id)))
    #expect(try await memory.episode(id: episodes[3].id) == episodes[3])
    let list = try await memory.episodes(limit: 100)
    #expect(list.episodes.count == 21 && list.isPartial)
    // What comes after a cursor the cache cannot tell: it must not begin again.
    await expectError(.storeAway) { _ = try await memory.episodes(limit: 5, after: page.next) }
    await expectWritesFail(memory, id: id)
    #expect(!FileManager.default.fileExists(atPath: home.file("engram.db")))

    try bringBack(home)
    // The search brings the store back by itself.
    #expect(try await memory.search(SearchRequest("printer driver", limit: 5)).hits == expected)
    #expect(!memory.syncHealth.isStoreAway)
    let written = try await memory.startEpisode(NewTask("Written after")).id
    #expect(
      try await memory.search(SearchRequest("written after", limit: 1)).hits.first?.episode.id
        == written)
    let whole = try await memory.episodes(limit: 100)
    #expect(whole.episodes.count == 22 && !whole.isPartial)
    await memory.close()
  }

  @Test("A memory opens without its store where there is a cache, and finds it later")
  func opensWithout() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    let id = try await memory.startEpisode(NewTask("Fix the printer driver")).id
    await memory.close()
    try hide(home)
    memory = try await home.open()
    #expect(memory.syncHealth.isStoreAway)
    #expect(try await memory.search(SearchRequest("printer")).hits.map(\.episode.id) == [id])
    await expectWritesFail(memory, id: id)
    await expectError(.storeAway) { _ = try await memory.validateCache() }
    await expectError(.storeAway) { try await memory.repairCache() }
    #expect(try await memory.search(SearchRequest("printer")).hits.count == 1)
    try bringBack(home)
    try await memory.sync()
    try await memory.completeEpisode(id, outcome: .success(verdict: "done", artifacts: []))
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("A memory that opens without its store finds it by itself")
  func findsItself() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    let id = try await memory.startEpisode(NewTask("Fix the printer driver")).id
    await memory.close()
    try hide(home)
    memory = try await home.open()
    #expect(memory.isStoreAway)
    try bringBack(home)
    // Nothing is searched, which would look for it too.
    #expect(try await eventually { !memory.isStoreAway })
    try await memory.logStep(NewStep(tool: "make", action: "run it"), in: id)

    try hide(home)
    #expect(memory.isStoreAway)
    await expectWritesFail(memory, id: id)
    try bringBack(home)
    #expect(
      try await eventually { !memory.isStoreAway && memory.syncHealth.failuresInARow == 0 })
    try await memory.completeEpisode(id, outcome: .success(verdict: "done", artifacts: []))
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("Without the store patterns are listed from the cache")
  func patterns() async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    try await memory.experience()
    try await memory.experience("Ship the parser", tools: ["make", "scp", "ssh"])
    try await memory.learnPending()
    try await memory.sync()
    let known = try await memory.patterns()
    try #require(known.count > 1)
    try hide(home)
    #expect(try await memory.patterns() == known)
    #expect(try await memory.patterns(after: known[0].id, limit: 1) == [known[1]])
    #expect(try await memory.patterns(namespace: "another").isEmpty)
    #expect(try await memory.patterns(domain: "nowhere").isEmpty)
    for pattern in known {
      #expect(try await memory.pattern(id: pattern.id) == pattern)
    }
    await memory.close()
  }

  @Test("A store without a byte is away where there is a cache of it, and stays as it is")
  func emptied() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    let id = try await memory.startEpisode(NewTask("Fix the printer driver")).id
    await memory.close()
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: home.file("engram.db" + suffix))
    }
    let url = URL(fileURLWithPath: home.file("engram.db"))
    try Data().write(to: url)
    memory = try await home.open()
    #expect(memory.syncHealth.isStoreAway)
    #expect(try await memory.search(SearchRequest("printer")).hits.map(\.episode.id) == [id])
    await expectWritesFail(memory, id: id)
    await memory.close()
    #expect(try Data(contentsOf: url).isEmpty)
  }

  @Test("Nothing is made in the place of a missing store where the cache of it is damaged")
  func damagedCache() async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    _ = try await memory.startEpisode(NewTask("Fix the printer driver"))
    await memory.close()
    try hide(home)
    try Data(repeating: 65, count: 100_000).write(
      to: URL(fileURLWithPath: home.file("cache/records/data.mdb")))
    for _ in 0..<2 {
      await #expect(throws: EngramError.self) { _ = try await home.open() }
      #expect(!FileManager.default.fileExists(atPath: home.file("engram.db")))
    }
    try bringBack(home)
    let again = try await home.open()
    #expect(try await again.search(SearchRequest("printer")).hits.count == 1)
    await again.close()
  }

  @Test("A store that is no database any more is away, and its file stays as it is")
  func unreadable() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    let id = try await memory.startEpisode(NewTask("Fix the printer driver")).id
    await memory.close()
    let garbage = Data(repeating: 65, count: 8192)
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: home.file("engram.db" + suffix))
    }
    try garbage.write(to: URL(fileURLWithPath: home.file("engram.db")))
    memory = try await home.open()
    #expect(try await memory.search(SearchRequest("printer")).hits.map(\.episode.id) == [id])
    await expectWritesFail(memory, id: id)
    await memory.close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: home.file("engram.db"))) == garbage)
  }

  @Test("Without a store and without a cache there is no memory to open")
  func neither() async throws {
    let home = TemporaryHome()
    try FileManager.default.createDirectory(atPath: home.path, withIntermediateDirectories: true)
    try Data(repeating: 65, count: 8192)
      .write(to: URL(fileURLWithPath: home.file("engram.db")))
    await expectError(.storeFailed) { _ = try await home.open() }
  }

  @Test("A cache that differs from the store is repaired")
  func repair() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 72)
      _ = try await memory.importEpisodes(random.episodes(30))
      _ = try await memory.buildIndex()
      let expected = try await memory.search(SearchRequest("login", limit: 30)).hits
      let report = try await memory.repairCache()
      #expect(report.startedOver && report.segmentsCarried == 1)
      #expect(try await memory.validateCache().problems == [])
      #expect(try await memory.search(SearchRequest("login", limit: 30)).hits == expected)
    }
  }
}
