import Embedders
import Engram
import Episodes
import Testing

private let hasModel = (try? MiniLMModel.locate()) != nil

@Suite("With the real model", .enabled(if: hasModel))
struct ModelTests {
  @Test("Episodes are found by meaning, not by words")
  func meaning() async throws {
    let home = TemporaryHome()
    let memory = try await Memory.open(MemoryConfiguration(home: Home(path: home.path)))
    let tasks = [
      "Fix the flaky login test", "Refund a customer who was charged twice",
      "Speed up the slow database query", "Translate the manual into French",
      "Replace the printer cartridge",
    ]
    var ids: [String] = []
    for task in tasks { ids.append(try await memory.startEpisode(NewTask(task)).id) }
    func best(_ question: String) async throws -> String? {
      try await memory.search(SearchRequest(question, limit: 1)).hits.first?.episode.id
    }
    for _ in 0..<2 {
      #expect(try await best("signing in fails intermittently in CI") == ids[0])
      #expect(try await best("give money back for a duplicate payment") == ids[1])
      #expect(try await best("SELECT statement takes too long") == ids[2])
      _ = try await memory.buildIndex()
    }
    #expect(try await memory.verifyIndex().isSound)
    await memory.close()
  }

  @Test("An episode's own text has a similarity near one, and the hits fall")
  func similarity() async throws {
    let home = TemporaryHome()
    let memory = try await Memory.open(MemoryConfiguration(home: Home(path: home.path)))
    _ = try await memory.startEpisode(NewTask("Fix the flaky login test"))
    _ = try await memory.startEpisode(NewTask("Water the plants"))
    let hits = try await memory.search(
      SearchRequest("Fix the flaky login test")
    ).hits
    #expect(hits.count == 2)
    #expect(abs(hits[0].similarity - 1) < 0.001)
    #expect(hits[1].similarity < 0.5)
    await memory.close()
  }
}
