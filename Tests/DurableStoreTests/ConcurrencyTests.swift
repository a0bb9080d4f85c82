import Episodes
import Testing

@testable import DurableStore

@Suite("Concurrent use")
struct ConcurrencyTests {
  @Test("Eight tasks on two connections write and read at once, and nothing is lost")
  func eightWriters() async throws {
    try await withStore { store, folder in
      let second = try await DurableStore.open(path: folder.file("store.db"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<8 {
          group.addTask {
            let mine = writer.isMultiple(of: 2) ? store : second
            for round in 0..<10 {
              let id = "w\(writer)-\(round)"
              try await mine.insert([
                NewEpisode(Samples.episode(id, steps: 1), embeddings: [Samples.embedding(id)])
              ])
              try await mine.append([Samples.step(2)], to: id)
              let found = try await mine.episode(id: id)
              #expect(found == Samples.episode(id, steps: 2))
              _ = try await mine.episodes(matching: EpisodeFilter(), limit: 5)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.count(matching: EpisodeFilter()) == 80)
      #expect(try await store.lastChangeSequence() == 240)
      let changes = try await store.changes(after: 0, limit: 1000)
      #expect(changes.map(\.sequence) == Array(1...240))
      #expect(try await store.checkIntegrity() == [])
      second.close()
    }
  }

  @Test("Concurrent steps of one episode: each number is taken once")
  func sameEpisode() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("e", steps: 0))])
      let wins = await withTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask {
            var wins = 0
            for number in 1...5 {
              if (try? await store.append([Samples.step(number)], to: "e")) != nil { wins += 1 }
            }
            return wins
          }
        }
        return await group.reduce(0, +)
      }
      #expect(wins == 5)
      #expect(try await store.episode(id: "e") == Samples.episode("e", steps: 5))
    }
  }

  @Test(
    "Tasks that write, replace and delete the same episodes leave their tags and texts right",
    arguments: [11, 12] as [UInt64])
  func sameEpisodes(seed: UInt64) async throws {
    try await withStore { store, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<8 {
          group.addTask {
            var random = SeededGenerator(seed: seed &+ UInt64(task) << 32)
            for round in 0..<12 {
              let id = "e\(random.next() % 6)"
              var episode = Samples.episode(id, text: "task\(task) round\(round)")
              episode.tags = [try Tag("tag-\(random.next() % 3)"), try Tag("of-\(task)")]
              switch random.next() % 4 {
              case 0: try await store.insert([NewEpisode(episode)], onConflict: .ignore)
              case 1, 2: try await store.insert([NewEpisode(episode)], onConflict: .replace)
              default: try await store.deleteEpisodes(ids: [id])
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.checkIntegrity() == [])
      for episode in try await store.episodes(matching: EpisodeFilter(), limit: 100).episodes {
        let tagged = try await store.episodes(
          matching: EpisodeFilter(tagsAll: episode.tags), limit: 100)
        #expect(tagged.episodes.contains(episode))
      }
    }
  }

  @Test("A cancelled write stores all of its batch or nothing")
  func cancelled() async throws {
    try await withStore { store, _ in
      for round in 0..<10 {
        let batch = (0..<40).map { NewEpisode(Samples.episode("r\(round)-\($0)")) }
        let task = Task { try await store.insert(batch) }
        for _ in 0..<round * 20 { await Task.yield() }
        task.cancel()
        let result = await task.result
        let count = try await store.count(matching: EpisodeFilter())
        if (try? result.get()) != nil {
          #expect(count == 40)
        } else {
          #expect(count == 0)
        }
        let ids = batch.map(\.episode.id)
        try await store.deleteEpisodes(ids: ids)
      }
    }
  }
}
