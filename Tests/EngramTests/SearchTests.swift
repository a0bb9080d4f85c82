import DurableStore
import Embedders
import Episodes
import Sync
import Testing

@testable import Engram

@Suite("Searches")
struct SearchTests {
  private func ids(
    _ memory: Memory, _ text: String, limit: Int = 10, _ filter: EpisodeFilter = EpisodeFilter()
  ) async throws -> [String] {
    try await memory.search(SearchRequest(text, limit: limit, filter: filter)).hits
      .map(\.episode.id)
  }

  @Test("An episode is found from its start, and by what it says when it has ended")
  func freshWrites() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let login = try await memory.startEpisode(NewTask("Fix the flaky login test")).id
      let refund = try await memory.startEpisode(NewTask("Refund the customer's order")).id
      #expect(try await ids(memory, "flaky login", limit: 1) == [login])
      #expect(try await ids(memory, "customer order refund", limit: 1) == [refund])
      let question = "certificate expired on the proxy"
      let before = try await memory.search(SearchRequest(question)).hits
      try await memory.completeEpisode(
        refund, outcome: .failure(reason: "the certificate on the proxy had expired", details: nil))
      let after = try await memory.search(SearchRequest(question)).hits
      #expect(after.map(\.episode.id) == [refund, login])
      #expect(after[0].episode.outcome != nil)
      let old = try #require(before.first { $0.episode.id == refund })
      #expect(after[0].similarity > old.similarity + 0.2)
    }
  }

  @Test("Writes before and after the index is built are found, each once; deleted ones are not")
  func aroundTheIndex() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 11)
      let first = random.episodes(60)
      _ = try await memory.importEpisodes(first)
      let started = try await memory.startEpisode(NewTask("Water the office plants")).id
      #expect(try await ids(memory, "office plants water", limit: 1) == [started])
      #expect(try await memory.buildIndex().count == 61)
      #expect(try await ids(memory, "office plants water", limit: 1) == [started])
      // In the segment, and embedded anew behind it.
      try await memory.completeEpisode(
        started, outcome: .success(verdict: "watered the plants", artifacts: []))
      let second = random.episodes(20, prefix: "late")
      _ = try await memory.importEpisodes(second)
      let all = try await ids(memory, "office plants water", limit: 200)
      #expect(all.count == 81)
      #expect(Set(all).count == 81)
      #expect(all[0] == started)
      for id in [started, first[0].id, second[0].id] { try await memory.deleteEpisode(id) }
      let left = try await ids(memory, "office plants water", limit: 200)
      #expect(Set(left).count == 78 && left.count == 78)
      #expect(Set(left).isDisjoint(with: [started, first[0].id, second[0].id]))
      #expect(try await memory.buildIndex().count == 78)
      #expect(try await Set(ids(memory, "office plants water", limit: 200)) == Set(left))
    }
  }

  @Test("Most of a segment deleted, the rest still comes back up to the limit")
  func mostlyDeleted() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 5)
      let episodes = random.episodes(300)
      _ = try await memory.importEpisodes(episodes)
      _ = try await memory.buildIndex()
      for episode in episodes.dropLast(15) { try await memory.deleteEpisode(episode.id) }
      let kept = Set(episodes.suffix(15).map(\.id))
      #expect(try await Set(ids(memory, "login cache parser", limit: 10)).isSubset(of: kept))
      #expect(try await ids(memory, "login cache parser", limit: 10).count == 10)
      #expect(try await Set(ids(memory, "login cache parser", limit: 50)) == kept)
      let status = try await memory.indexStatus()
      // Those of turns after a deleted one as well, which are embedded again.
      #expect(status.deadCount - status.tailCount == 285)
    }
  }

  @Test(
    "Filters return exactly as many as match up to the limit, the nearest of them",
    arguments: [UInt64(1), 2])
  func filters(seed: UInt64) async throws {
    try await TemporaryHome.withMemory { memory, _ in
      print("seed \(seed)")
      var random = RandomEpisodes(seed: seed)
      var episodes = random.episodes(250)
      _ = try await memory.importEpisodes(Array(episodes[..<200]))
      for phase in ["scanned", "indexed"] {
        for _ in 0..<40 {
          let filter = random.filter()
          let limit = random.generator.pick([1, 3, 10, 40, 1000])
          let text = random.text(words: 3)
          let hits = try await memory.search(
            SearchRequest(text, limit: limit, filter: filter, mode: .vector)
          ).hits
          let hybrid = try await memory.search(
            SearchRequest(text, limit: limit, filter: filter)
          ).hits
          #expect(hybrid.count == hits.count, "\(phase): \(filter)")
          #expect(hybrid.allSatisfy { filter.matches($0.episode) })
          #expect(Set(hybrid.map(\.episode.id)).count == hybrid.count)
          let stored = phase == "scanned" ? episodes[..<200] : episodes[...]
          let query = WordEmbedder().vector(of: text)
          var nearest: [Double] = []
          for episode in stored where filter.matches(episode) {
            let parts = try await memory.store.embeddings(ofEpisode: episode.id)
            nearest.append(
              try #require(
                parts.map { part in
                  Double(zip(query, part.embedding.vector).reduce(0) { $0 + $1.0 * $1.1 })
                }.max()))
          }
          nearest = Array(nearest.sorted(by: >).prefix(limit))
          #expect(hits.count == nearest.count, "\(phase): \(filter)")
          #expect(hits.allSatisfy { filter.matches($0.episode) })
          #expect(Set(hits.map(\.episode.id)).count == hits.count)
          for (hit, expected) in zip(hits, nearest) {
            #expect(abs(hit.similarity - expected) < 1e-4)
          }
        }
        if phase == "indexed" { break }
        _ = try await memory.buildIndex()
        _ = try await memory.importEpisodes(Array(episodes[200...]))
        for _ in 0..<20 {
          let index = Int.random(in: 0..<episodes.count, using: &random.generator)
          try await memory.deleteEpisode(episodes.remove(at: index).id)
        }
      }
    }
  }

  @Test(
    "Any limit is taken, also one far beyond what is stored", arguments: [Int.min, 0, 1, Int.max])
  func limits(limit: Int) async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 4)
      _ = try await memory.importEpisodes(random.episodes(5))
      let expected = limit < 2 ? 1 : 5
      #expect(try await ids(memory, "login", limit: limit).count == expected)
      _ = try await memory.buildIndex()
      #expect(try await ids(memory, "login", limit: limit).count == expected)
      let domains = EpisodeFilter(until: Timestamp("2100-01-01T00:00:00Z"))
      #expect(try await ids(memory, "login", limit: limit, domains).count == expected)
    }
  }

  @Test("An empty memory finds nothing, and an empty question is refused")
  func nothing() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let found = try await ids(memory, "anything")
      #expect(found.isEmpty)
      let empty = await engramError { _ = try await memory.search(SearchRequest(" \n\t")) }
      #expect(empty?.code == .invalidInput)
      #expect(empty?.message.contains("query") == true)
      let short = await engramError { _ = try await memory.search(vector: [1, 2, 3], limit: 1) }
      #expect(short?.code == .invalidInput)
    }
  }

  @Test("Deleting the cache between two openings changes no answer")
  func deletedCache() async throws {
    let home = TemporaryHome()
    var random = RandomEpisodes(seed: 21)
    var memory = try await home.open()
    _ = try await memory.importEpisodes(random.episodes(80))
    _ = try await memory.buildIndex()
    _ = try await memory.importEpisodes(random.episodes(20, prefix: "late"))
    try await memory.deleteEpisode("e3")
    let questions = (0..<10).map { _ in random.text(words: 3) }
    func answers(_ memory: Memory) async throws -> [[EpisodeHit]] {
      var answers: [[EpisodeHit]] = []
      for question in questions {
        answers.append(try await memory.search(SearchRequest(question)).hits)
      }
      return answers
    }
    let before = try await answers(memory)
    await memory.close()
    try home.deleteCache()
    memory = try await home.open()
    #expect(try await answers(memory) == before)
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("Two memories on one home find each other's writes")
  func twoMemories() async throws {
    let home = TemporaryHome()
    let first = try await home.open()
    let second = try await home.open()
    let id = try await first.startEpisode(NewTask("Fix the flaky login test")).id
    #expect(try await ids(second, "flaky login") == [id])
    try await second.completeEpisode(id, outcome: .success(verdict: "proxy", artifacts: []))
    #expect(try await first.search(SearchRequest("proxy")).hits.first?.episode.outcome != nil)
    _ = try await second.buildIndex()
    #expect(try await first.indexStatus().segments.count == 1)
    #expect(try await ids(first, "flaky login") == [id])
    try await first.deleteEpisode(id)
    #expect(try await ids(second, "flaky login").isEmpty)
    await first.close()
    #expect(try await second.startEpisode(NewTask("Go on alone")).outcome == nil)
    await second.close()
  }

  @Test("Searches and writes of many tasks at once neither fail nor repeat an episode")
  func concurrency() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 8)
      _ = try await memory.importEpisodes(random.episodes(50))
      _ = try await memory.buildIndex()
      try await withThrowingTaskGroup { group in
        for task in 0..<3 {
          group.addTask {
            for number in 0..<8 {
              let id = try await memory.startEpisode(
                NewTask("parser queue \(task)", id: "w\(task)-\(number)")
              ).id
              let found = try await ids(memory, "parser queue \(task)", limit: 1000)
              #expect(found.contains(id))
              #expect(Set(found).count == found.count)
              if number % 2 == 0 { try await memory.deleteEpisode(id) }
            }
          }
        }
        group.addTask { for _ in 0..<2 { _ = try await memory.buildIndex() } }
        try await group.waitForAll()
      }
      #expect(try await ids(memory, "parser", limit: 1000).count == 50 + 3 * 4)
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("The nearest by id alone are those that a search by vector finds")
  func nearestByID() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 74)
      let episodes = random.episodes(60)
      _ = try await memory.importEpisodes(episodes)
      func expectSame(_ filter: EpisodeFilter = EpisodeFilter()) async throws {
        let vector = try await memory.embed("login fails")
        let hits = try await memory.search(vector: vector, limit: 20, filter: filter)
        let matches = try await memory.nearestEpisodes(to: vector, limit: 20, filter: filter)
        #expect(matches.map(\.id) == hits.map(\.episode.id) && !matches.isEmpty)
        #expect(matches.map(\.similarity) == hits.map(\.similarity))
      }
      try await expectSame()
      try await expectSame(EpisodeFilter(domain: "web"))
      _ = try await memory.buildIndex()
      try await expectSame()
      for episode in episodes.prefix(30) { try await memory.deleteEpisode(episode.id) }
      try await expectSame()
      await expectError(.invalidInput) {
        _ = try await memory.nearestEpisodes(to: [1, 2], limit: 3)
      }
    }
  }
}
