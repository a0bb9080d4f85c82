import Episodes
import Testing

@testable import DurableStore

@Suite("The life of an episode")
struct EpisodeLifecycleTests {
  @Test("Steps are appended in order")
  func append() async throws {
    try await withStore { store, _ in
      var episode = Samples.episode("e", steps: 0)
      try await store.insert([NewEpisode(episode)])
      for number in 1...40 {
        episode.steps.append(Samples.step(number, action: "uniqueword\(number)"))
        try await store.append([episode.steps[number - 1]], to: "e")
      }
      let more = [Samples.step(41), Samples.step(42)]
      let outcome = try await store.append(
        more, to: "e", embeddings: [Samples.embedding("e", kind: .step, part: 41)])
      #expect(outcome.embeddingIDs.count == 1)
      episode.steps += more
      #expect(try await store.episode(id: "e") == episode)
      #expect(try await store.stepCount(ofUnfinished: "e") == 42)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("An episode is read as it was at one moment, whatever is written meanwhile")
  func readWhole() async throws {
    try await withStore { store, _ in
      func episode(_ count: Int) -> Episode {
        var episode = Samples.episode("e", steps: count)
        episode.metadata = ["steps": "\(count)"]
        episode.checkpoints = (0..<count % 3).map {
          Checkpoint(
            id: "c\($0)", episode: "e", stepNumber: $0, timestamp: episode.startTime,
            label: "\(count)")
        }
        return episode
      }
      try await store.insert([NewEpisode(episode(1))])
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for round in 0..<150 { try await store.update(episode(1 + round * 7 % 12)) }
        }
        for _ in 0..<2 {
          group.addTask {
            var counts = Set<Int>()
            for _ in 0..<400 {
              let found = try #require(try await store.episode(id: "e"))
              #expect(found == episode(found.steps.count))
              counts.insert(found.steps.count)
              await Task.yield()
            }
            #expect(counts.isEmpty == false)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.episode(id: "e'; DROP TABLE steps; --") == nil)
      #expect(try await store.episode(id: "") == nil)
    }
  }

  @Test("A step that does not fit is refused with the reason")
  func appendRefused() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("e", steps: 2))])
      await #expect(throws: DurableStoreError.notFound(.episode, id: "x")) {
        try await store.append([Samples.step(1)], to: "x")
      }
      for number in [1, 2, 4] {
        await #expect(
          throws: DurableStoreError.stepOutOfOrder(episode: "e", expected: 3, found: number)
        ) {
          try await store.append([Samples.step(number)], to: "e")
        }
      }
      await #expect(throws: DurableStoreError.stepOutOfOrder(episode: "e", expected: 4, found: 5)) {
        try await store.append([Samples.step(3), Samples.step(5)], to: "e")
      }
      let many = (3...1001).map { Samples.step($0) }
      let error = await #expect(throws: DurableStoreError.self) {
        try await store.append(many, to: "e")
      }
      #expect(error?.description.hasPrefix("steps: would be 1001") == true)
      try await store.complete(
        "e",
        with: EpisodeCompletion(endTime: Samples.time, outcome: .failure(reason: "r", details: nil))
      )
      await #expect(throws: DurableStoreError.episodeComplete(id: "e")) {
        try await store.append([Samples.step(3)], to: "e")
      }
      #expect(try await store.episode(id: "e")?.steps.count == 2)
    }
  }

  @Test("An episode cannot grow beyond the largest size step by step")
  func appendTooLarge() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("e", steps: 0))])
      let large = JSONValue.string(String(repeating: "x", count: 3_000_000))
      for number in 1...3 {
        var step = Samples.step(number)
        step.parameters = large
        try await store.append([step], to: "e")
      }
      var step = Samples.step(4)
      step.parameters = large
      let error = await #expect(throws: DurableStoreError.self) {
        try await store.append([step], to: "e")
      }
      #expect(error?.description.contains("too many bytes") == true)
    }
  }

  @Test("Completing sets the end once, and only after the start")
  func complete() async throws {
    try await withStore { store, _ in
      var episode = Samples.episode("e")
      episode.patternIDs = ["p0"]
      try await store.insert([NewEpisode(episode)])
      let early = Timestamp(
        nanosecondsSince1970: Samples.time.nanosecondsSince1970 - 1)
      let outcome = TaskOutcome.success(verdict: "all green", artifacts: ["report.md"])
      let error = await #expect(throws: DurableStoreError.self) {
        try await store.complete("e", with: EpisodeCompletion(endTime: early, outcome: outcome))
      }
      #expect(error?.description.hasPrefix("endTime:") == true)
      await #expect(throws: DurableStoreError.notFound(.episode, id: "x")) {
        try await store.complete(
          "x", with: EpisodeCompletion(endTime: Samples.time, outcome: outcome))
      }
      episode.endTime = Samples.time
      episode.outcome = outcome
      episode.reward = RewardScore(
        total: 1.1, base: 1, efficiency: 1, complexityBonus: 1.1, qualityMultiplier: 1,
        learningBonus: 0)
      episode.reflection = Reflection(
        successes: ["quick"], improvements: [], insights: ["measure"], generatedAt: Samples.time)
      episode.salientFeatures = ["fast"]
      let completion = EpisodeCompletion(
        endTime: Samples.time, outcome: outcome, reward: episode.reward,
        reflection: episode.reflection, salientFeatures: ["fast"])
      try await store.complete("e", with: completion, embeddings: [Samples.embedding("e")])
      #expect(try await store.episode(id: "e") == episode)
      await #expect(throws: DurableStoreError.episodeComplete(id: "e")) {
        _ = try await store.stepCount(ofUnfinished: "e")
      }
      await #expect(throws: DurableStoreError.notFound(.episode, id: "none")) {
        _ = try await store.stepCount(ofUnfinished: "none")
      }
      await #expect(throws: DurableStoreError.episodeComplete(id: "e")) {
        try await store.complete("e", with: completion)
      }
    }
  }

  @Test("Of many tasks that complete an episode at once, one does")
  func completeOnce() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("e"))])
      let wins = await withTaskGroup(of: Bool.self) { group in
        for index in 0..<8 {
          group.addTask {
            let completion = EpisodeCompletion(
              endTime: Samples.time, outcome: .success(verdict: "\(index)", artifacts: []))
            return (try? await store.complete("e", with: completion)) != nil
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(wins == 1)
    }
  }

  @Test("Deleting an episode takes everything that belongs to it")
  func delete() async throws {
    try await withStore { store, _ in
      var episode = Samples.episode("e")
      episode.tags = [try Tag("auth")]
      episode.location = Location(latitude: 1, longitude: 2)
      episode.checkpoints = [
        Checkpoint(id: "c", episode: "e", stepNumber: 1, timestamp: Samples.time, label: "l")
      ]
      let outcomes = try await store.insert([
        NewEpisode(
          episode,
          embeddings: [Samples.embedding("e"), Samples.embedding("e", kind: .step, part: 1)]),
        NewEpisode(Samples.episode("other", steps: 0)),
      ])
      try await store.insert(
        Relationship(
          id: "r", from: "other", to: "e", kind: .follows, createdAt: Samples.time))
      let gone = try await store.deleteEpisode(id: "e")
      #expect(gone.deletedCount == 1)
      #expect(gone.removedEmbeddingIDs.sorted() == outcomes[0].embeddingIDs.sorted())
      let counts = try await store.statistics().rowCounts
      for table in ["steps", "tags", "checkpoints", "embeddings", "relationships"] {
        #expect(counts[table] == 0, "\(table)")
      }
      let world = GeographicBox(south: -90, west: -180, north: 90, east: 180)
      #expect(try await store.episodes(within: world, limit: 1).isEmpty)
      #expect(try await store.deleteEpisode(id: "e").deletedCount == 0)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Updating an episode that is not stored is refused")
  func updateMissing() async throws {
    try await withStore { store, _ in
      await #expect(throws: DurableStoreError.notFound(.episode, id: "e")) {
        try await store.update(Samples.episode("e"))
      }
    }
  }
}
