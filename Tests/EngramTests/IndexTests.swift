import Engram
import Episodes
import Foundation
import Sync
import Testing
import Vamana

@Suite("The index of a memory")
struct IndexTests {
  @Test(
    "A build replaces the segment before it, and the status counts what is new and what is dead")
  func status() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 41)
      _ = try await memory.importEpisodes(random.unrelatedEpisodes(30))
      var status = try await memory.indexStatus()
      #expect(status.segments.isEmpty)
      #expect(status.tailCount == 30 && status.embeddingCount == 30 && status.deadCount == 0)

      let first = try await memory.buildIndex()
      #expect(first.count == 30 && first.dimension == 32 && first.replacedSegments.isEmpty)
      status = try await memory.indexStatus()
      #expect(status.segments.map(\.id) == first.segmentIDs)
      #expect(status.segments.first?.count == 30)
      #expect(status.segments.first?.model == "words-32")
      #expect(status.segments.first?.byteCount == first.byteCount)
      #expect(status.tailCount == 0)

      _ = try await memory.importEpisodes(random.unrelatedEpisodes(4, prefix: "late"))
      #expect(try await memory.indexStatus().tailCount == 4)
      for id in ["e1", "e2", "late3"] { try await memory.deleteEpisode(id) }
      status = try await memory.indexStatus()
      #expect(status.tailCount == 4)
      #expect(status.deadCount == 3)
      #expect(status.embeddingCount == 31)

      let second = try await memory.buildIndex()
      #expect(second.count == 31)
      #expect(second.replacedSegments == first.segmentIDs)
      status = try await memory.indexStatus()
      #expect(status.segments.map(\.id) == second.segmentIDs)
      #expect(status.tailCount == 0 && status.deadCount == 0)
      #expect(try await memory.statistics().segments == 1)
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("A new memory that only reads the counts sees them right after opening")
  func statusAfterOpening() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    var random = RandomEpisodes(seed: 42)
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(20))
    _ = try await memory.buildIndex()
    try await memory.deleteEpisode("e7")
    await memory.close()
    memory = try await home.open()
    let status = try await memory.indexStatus()
    #expect(status.tailCount == 0 && status.deadCount == 1 && status.embeddingCount == 19)
    await memory.close()
  }

  @Test("A sound index verifies, with full recall on a small memory")
  func verification() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      #expect(try await memory.verifyIndex().recordCount == 0)
      var random = RandomEpisodes(seed: 43)
      _ = try await memory.importEpisodes(random.unrelatedEpisodes(150))
      _ = try await memory.buildIndex()
      _ = try await memory.importEpisodes(random.unrelatedEpisodes(20, prefix: "late"))
      let found = try await memory.verifyIndex(queryCount: 50)
      #expect(found.problems == [])
      #expect(found.segmentCount == 1 && found.recordCount == 170)
      #expect(found.queryCount >= 50)
      #expect(try #require(found.recallAt10) > 0.97)
      #expect(
        try #require(found.latencyMicrosecondsP99) >= #require(found.latencyMicrosecondsP50))
    }
  }

  @Test("Nothing to index is an error, and so is a build that is cancelled: the index stays")
  func cancelled() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      await expectError(.notFound) { _ = try await memory.buildIndex() }
      var random = RandomEpisodes(seed: 44)
      _ = try await memory.importEpisodes(random.unrelatedEpisodes(30))
      let first = try await memory.buildIndex()
      _ = try await memory.importEpisodes(random.unrelatedEpisodes(5, prefix: "late"))
      await expectError(.cancelled) { _ = try await memory.buildIndex { _ in false } }
      let (begun, begin) = AsyncStream<Void>.makeStream()
      let work = Task {
        try await memory.buildIndex { _ in
          begin.finish()
          return true
        }
      }
      for await _ in begun {}
      work.cancel()
      await expectError(.cancelled) { _ = try await work.value }
      let status = try await memory.indexStatus()
      #expect(status.segments.map(\.id) == first.segmentIDs)
      #expect(status.tailCount == 5)
      #expect(try await memory.search(SearchRequest("login", limit: 100)).hits.count == 35)
      #expect(try await memory.buildIndex().count == 35)
    }
  }

  @Test(
    "A damaged segment in the cache is carried again by the search that finds it, wherever the damage is",
    arguments: [0.0, 0.3, 0.6, 0.9])
  func damagedInCache(place: Double) async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    var random = RandomEpisodes(seed: 45)
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(100))
    let report = try await memory.buildIndex()
    await memory.close()

    let path = home.file("cache/segments/data.mdb")
    var file = try Data(contentsOf: URL(fileURLWithPath: path))
    let image = try #require(file.range(of: Data("ENGRAMSG".utf8))).lowerBound + 48
    file[image + Int(place * Double(report.byteCount))] ^= 0x40
    try file.write(to: URL(fileURLWithPath: path))

    memory = try await home.open()
    #expect(try await memory.verifyIndex().problems.count == 1)
    #expect(try await memory.search(SearchRequest("login", limit: 200)).hits.count == 100)
    await memory.close()
    try home.deleteCache()
    memory = try await home.open()
    #expect(try await memory.verifyIndex().isSound)
    await memory.close()
  }

  @Test(
    "With a damaged segment in the store the memory opens, searches and can be indexed again",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")))
  func damagedInStore() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    var random = RandomEpisodes(seed: 46)
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(50))
    let report = try await memory.buildIndex()
    await memory.close()
    let tool = try Process.run(
      URL(fileURLWithPath: "/usr/bin/sqlite3"),
      arguments: [
        home.file("engram.db"), "UPDATE segment_chunks SET data = zeroblob(length(data))",
      ])
    tool.waitUntilExit()
    #expect(tool.terminationStatus == 0)
    try home.deleteCache()

    memory = try await home.open()
    #expect(try await memory.search(SearchRequest("login", limit: 100)).hits.count == 50)
    let error = await engramError { try await memory.sync() }
    #expect(error?.code == .indexDamaged)
    #expect(error?.message.contains("index segment \(report.segmentIDs[0])") == true)
    _ = try await memory.buildIndex()
    #expect(try await memory.sync().changedNothing)
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("Vectors of another model are neither searched nor counted as its own")
  func otherModel() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    var random = RandomEpisodes(seed: 47)
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(20))
    _ = try await memory.buildIndex()
    await memory.close()
    memory = try await Memory.open(home.configuration(model: "other-32"))
    #expect(try await memory.search(SearchRequest("login", mode: .vector)).hits.isEmpty)
    await expectError(.notFound) { _ = try await memory.buildIndex() }
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(3, prefix: "late"))
    #expect(try await memory.buildIndex().count == 3)
    #expect(try await memory.search(SearchRequest("login", mode: .vector)).hits.count == 3)
    #expect(try await memory.indexStatus().segments.count == 1)
    await memory.close()
    memory = try await home.open()
    let request = SearchRequest("login", limit: 100, mode: .vector)
    #expect(try await memory.search(request).hits.count == 20)
    await memory.close()
  }
}
