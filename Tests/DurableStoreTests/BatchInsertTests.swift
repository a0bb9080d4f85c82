import Episodes
import Testing

@testable import DurableStore

@Suite("Inserts of many episodes")
struct BatchInsertTests {
  private static func batch(_ numbers: some Sequence<Int>) -> [NewEpisode] {
    numbers.map { number in
      var episode = Samples.episode("episode-\(number)")
      episode.steps = (0..<number % 4).map {
        ExecutionStep(
          number: $0 + 1, timestamp: episode.startTime, tool: "tool", action: "of \(number)")
      }
      return NewEpisode(episode)
    }
  }

  @Test("Counts that are no power of two are written whole", arguments: [1, 2, 63, 64, 65, 200])
  func counts(_ count: Int) async throws {
    try await withStore { store, _ in
      let batch = Self.batch(0..<count)
      let outcomes = try await store.insert(batch)
      #expect(outcomes.map(\.disposition) == Array(repeating: .inserted, count: count))
      let stored = try await store.episodes(ids: batch.map(\.episode.id))
      #expect(stored == batch.map(\.episode))
    }
  }

  @Test("An id that is stored already is named, and nothing of the batch is stored")
  func stored() async throws {
    try await withStore { store, _ in
      try await store.insert(Self.batch([70]))
      await #expect(throws: DurableStoreError.duplicate(.episode, id: "episode-70")) {
        try await store.insert(Self.batch(0..<100))
      }
      #expect(try await store.count(matching: EpisodeFilter()) == 1)
    }
  }

  @Test("An id that comes twice in a batch is named, and nothing of the batch is stored")
  func repeated() async throws {
    try await withStore { store, _ in
      await #expect(throws: DurableStoreError.duplicate(.episode, id: "episode-5")) {
        try await store.insert(Self.batch(Array(0..<40) + [5]))
      }
      let count = try await store.count(matching: EpisodeFilter())
      #expect(count == 0)
    }
  }

  @Test("Ids that are stored or come twice are ignored one by one, their steps too")
  func ignored() async throws {
    try await withStore { store, _ in
      try await store.insert(Self.batch([3, 70]))
      let outcomes = try await store.insert(
        Self.batch(Array(0..<100) + [6, 7]), onConflict: .ignore)
      let ignored = outcomes.indices.filter { outcomes[$0].disposition == .ignored }
      #expect(ignored == [3, 70, 100, 101])
      #expect(try await store.count(matching: EpisodeFilter()) == 100)
      let seven = try #require(try await store.episode(id: "episode-7"))
      #expect(seven.steps.count == 3)
    }
  }

  @Test("Embeddings of a batch get the ids of their rows")
  func embeddings() async throws {
    try await withStore { store, _ in
      var batch = Self.batch(0..<70)
      for index in stride(from: 0, to: 70, by: 3) {
        let id = batch[index].episode.id
        batch[index].embeddings = [
          Embedding(
            owner: EmbeddingOwner(kind: .episode, id: id, part: 0), model: "test",
            vector: [1, Float(index)], contentHash: "hash \(index)")
        ]
      }
      let outcomes = try await store.insert(batch)
      for (new, outcome) in zip(batch, outcomes) {
        let stored = try await store.embeddings(ofEpisode: new.episode.id)
        #expect(stored.map(\.id) == outcome.embeddingIDs)
        #expect(stored.map(\.embedding) == new.embeddings)
      }
    }
  }
}
