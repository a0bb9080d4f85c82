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
      // In one statement, and in two.
      for count in [40, 64, 66, 130] {
        await #expect(throws: DurableStoreError.duplicate(.episode, id: "episode-5")) {
          try await store.insert(Self.batch(Array(0..<count) + [200, 5]))
        }
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

  /// Episodes with parts of every kind, of different counts.
  private static func full(_ numbers: some Sequence<Int>) throws -> [NewEpisode] {
    try numbers.map { number in
      var episode = Samples.episode("episode-\(number)", steps: number % 5)
      episode.tags = try (0..<number % 4).map { try Tag("tag-\(number % 7 + $0)") }
      // One of them is a tag of the episode as well.
      episode.context.tags = try (0..<number % 3).map { try Tag("tag-\(number % 7 + 2 * $0)") }
      episode.checkpoints = (0..<number % 2).map {
        Checkpoint(
          id: "c\($0)", episode: episode.id, stepNumber: 0, timestamp: Samples.time, label: "l")
      }
      return NewEpisode(
        episode, embeddings: number % 3 == 0 ? [Samples.embedding(episode.id)] : [])
    }
  }

  @Test(
    "Each part belongs to its episode, whatever stands before it in the transaction",
    arguments: [1, 3, 63, 64, 65, 130, 333])
  func parts(_ count: Int) async throws {
    try await withStore { store, _ in
      // Row ids do not begin at 1, and the last rows are of other tables.
      try await store.insert(try Self.full(1000..<1010))
      try await store.put(FrozenRecords.pattern)
      let batch = try Self.full(0..<count)
      try await store.insert(batch)
      let stored = try await store.episodes(ids: batch.map(\.episode.id))
      #expect(stored == batch.map(\.episode))
      for number in 2..<10 {
        let tag = try Tag("tag-\(number)")
        let found = try await store.episodes(
          matching: EpisodeFilter(tagsAll: [tag]), limit: 1000
        ).episodes.map(\.id)
        let expected = (batch + (try Self.full(1000..<1010))).map(\.episode)
          .filter { ($0.tags + $0.context.tags).contains(tag) }.map(\.id)
        #expect(found.sorted() == expected.sorted())
      }
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Batches of many tasks share transactions, and keep their parts")
  func together() async throws {
    try await withStore { store, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<8 {
          group.addTask {
            for round in 0..<10 {
              let first = (task * 10 + round) * 20
              try await store.insert(try Self.full(first..<first + 1 + (task + round) % 20))
              // One that fails, and is taken out of the transaction that others share.
              _ = try? await store.insert(try Self.full([first + 19, first]))
            }
          }
        }
        try await group.waitForAll()
      }
      var count = 0
      for task in 0..<8 {
        for round in 0..<10 {
          let first = (task * 10 + round) * 20
          let batch = try Self.full(first..<first + 1 + (task + round) % 20)
          let stored = try await store.episodes(ids: batch.map(\.episode.id))
          #expect(stored == batch.map(\.episode))
          count += batch.count
        }
      }
      #expect(try await store.count(matching: EpisodeFilter()) == count)
      #expect(try await store.checkIntegrity() == [])
    }
  }
}
