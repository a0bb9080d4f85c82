import Engram
import Episodes
import Sync
import Testing

@Suite("Imports")
struct ImportTests {
  @Test("Imported episodes are found at once, and importing them again changes nothing")
  func twice() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 31)
      let episodes = random.episodes(40)
      let first = try await memory.importEpisodes(episodes)
      #expect(first.added == 40 && first.replaced == 0 && first.alreadyStored == 0)
      let before = try await memory.statistics()
      for policy in [ImportPolicy.keepStored, .replaceChanged] {
        let second = try await memory.importEpisodes(episodes, policy: policy)
        #expect(second.added == 0 && second.replaced == 0 && second.alreadyStored == 40)
      }
      #expect(try await memory.statistics().lastChange == before.lastChange)
      #expect(try await memory.search(SearchRequest("x", limit: 100)).hits.count == 40)
      for episode in episodes { #expect(try await memory.episode(id: episode.id) == episode) }
    }
  }

  @Test("An episode twice in one batch is stored once")
  func repeated() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 32)
      let episode = random.episode("same")
      let summary = try await memory.importEpisodes([episode, episode])
      #expect(summary.added == 1 && summary.alreadyStored == 1)
      #expect(try await memory.search(SearchRequest("x")).hits.count == 1)
    }
  }

  @Test(
    "With the policy for it, an episode whose outcome changed is replaced and found by its text")
  func replaced() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 33)
      var episodes = random.episodes(10)
      episodes[4].outcome = .success(verdict: "merged", artifacts: [])
      _ = try await memory.importEpisodes(episodes)
      _ = try await memory.buildIndex()
      episodes[4].outcome = .failure(reason: "reverted by zebra crossing", details: nil)
      let kept = try await memory.importEpisodes(episodes)
      #expect(kept.replaced == 0)
      #expect(try await memory.episode(id: "e4")?.outcome?.kind == .success)
      let summary = try await memory.importEpisodes(episodes, policy: .replaceChanged)
      #expect(summary.replaced == 1 && summary.alreadyStored == 9)
      #expect(try await memory.episode(id: "e4") == episodes[4])
      let hits = try await memory.search(SearchRequest("reverted zebra crossing", limit: 50)).hits
      #expect(hits.first?.episode == episodes[4])
      #expect(hits.count == 10)
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("A batch with an episode that breaks a rule stores nothing")
  func invalid() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 34)
      var episodes = random.episodes(5)
      episodes[3].taskDescription = ""
      let error = await engramError { _ = try await memory.importEpisodes(episodes) }
      #expect(error?.code == .invalidInput)
      let statistics = try await memory.statistics()
      #expect(statistics.episodes == 0)
    }
  }

  @Test("Two tasks that import the same episodes at once store each once")
  func concurrently() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 35)
      let episodes = random.episodes(60)
      let added = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 {
          group.addTask { try await memory.importEpisodes(episodes).added }
        }
        return try await group.reduce(0, +)
      }
      #expect(added == 60)
      #expect(try await memory.search(SearchRequest("x", limit: 1000)).hits.count == 60)
    }
  }
}
