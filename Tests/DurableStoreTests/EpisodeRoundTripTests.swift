import Episodes
import Testing

@testable import DurableStore

@Suite("Episodes written and read back")
struct EpisodeRoundTripTests {
  @Test("An episode written is read back field for field, whatever its fields hold")
  func roundTrip() async throws {
    let seed: UInt64 = 20_260_302
    print("seed \(seed)")
    var random = RandomEpisodes(seed: seed)
    let episodes = (0..<400).map { _ in random.episode() }
    try await withStore { store, folder in
      try await store.insert(episodes.map { NewEpisode($0) })
      for episode in episodes.prefix(100) {
        #expect(try await store.episode(id: episode.id) == episode)
      }
      let all = try await store.episodes(ids: episodes.map(\.id).reversed())
      #expect(all.count == episodes.count)
      for (found, episode) in zip(all, episodes.reversed()) { #expect(found == episode) }

      // Through another connection, from the file.
      let again = try await DurableStore.open(path: folder.file("store.db"))
      let last = try #require(episodes.last)
      #expect(try await again.episode(id: last.id) == last)
      #expect(try await again.checkIntegrity() == [])
      again.close()
    }
  }

  @Test("Texts keep their bytes: neither NUL nor the spelling of an accent is changed")
  func bytes() async throws {
    let text = "a\0b e\u{301} é \u{feff}\u{fffd}"
    try await withStore { store, _ in
      var episode = Samples.episode("e", text: text)
      episode.steps[0].tool = text
      episode.steps[0].parameters = [text: .string(text)]
      episode.metadata = [text: text]
      try await store.insert([NewEpisode(episode)])
      let found = try #require(try await store.episode(id: "e"))
      #expect(Array(found.taskDescription.utf8) == Array(text.utf8))
      #expect(Array(found.steps[0].tool.utf8) == Array(text.utf8))
      let metadata = try #require(found.metadata.first)
      #expect(Array(metadata.key.utf8) == Array(text.utf8))
      #expect(Array(metadata.value.utf8) == Array(text.utf8))
      guard case .object(let members) = found.steps[0].parameters,
        case .string(let value)? = members.first?.value
      else {
        Issue.record("the parameters are not an object with a string")
        return
      }
      #expect(Array(value.utf8) == Array(text.utf8))
    }
  }

  @Test("Whole numbers and fractions stay apart in parameters")
  func numbers() async throws {
    try await withStore { store, _ in
      var episode = Samples.episode("e")
      episode.steps[0].parameters = [
        .number(1), .integer(1), .number(1e300), .integer(.max), .number(9_007_199_254_740_992),
      ]
      try await store.insert([NewEpisode(episode)])
      #expect(try await store.episode(id: "e") == episode)
    }
  }

  @Test("Replacing and updating give the new episode, whatever the old one held")
  func replace() async throws {
    let seed: UInt64 = 77
    print("seed \(seed)")
    var random = RandomEpisodes(seed: seed)
    try await withStore { store, _ in
      for round in 0..<60 {
        let first = random.episode()
        var second = random.episode()
        second.id = first.id
        for index in second.checkpoints.indices { second.checkpoints[index].episode = first.id }
        try await store.insert([NewEpisode(first)])
        if round.isMultiple(of: 2) {
          let outcomes = try await store.insert([NewEpisode(second)], onConflict: .replace)
          #expect(outcomes.map(\.disposition) == [.replaced])
        } else {
          try await store.update(second)
        }
        #expect(try await store.episode(id: first.id) == second)
      }
      #expect(try await store.count(matching: EpisodeFilter()) == 60)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Ignoring keeps the stored episode with all its parts; failing stores nothing")
  func conflicts() async throws {
    try await withStore { store, _ in
      let old = Samples.episode("a", steps: 1)
      let new = Samples.episode("a", steps: 5, text: "another task")
      let other = Samples.episode("b")
      try await store.insert([NewEpisode(old, embeddings: [Samples.embedding("a")])])
      await #expect(throws: DurableStoreError.duplicate(.episode, id: "a")) {
        try await store.insert([NewEpisode(other), NewEpisode(new)])
      }
      #expect(try await store.episode(id: "b") == nil)
      let outcomes = try await store.insert(
        [
          NewEpisode(new, embeddings: [Samples.embedding("a", part: 3)]),
          NewEpisode(other, embeddings: [Samples.embedding("b"), Samples.embedding("b", part: 1)]),
        ], onConflict: .ignore)
      #expect(outcomes.map(\.disposition) == [.ignored, .inserted])
      #expect(outcomes[0].embeddingIDs == [])
      #expect(outcomes[1].embeddingIDs.count == 2)
      #expect(try await store.episodes(ids: ["a", "b"]) == [old, other])
      #expect(try await store.embeddings(ofEpisode: "a").map(\.embedding.owner.part) == [0])
    }
  }

  @Test("Episodes that break a rule are refused, with the field named")
  func validation() async throws {
    try await withStore { store, _ in
      func refuses(_ field: String, _ change: (inout Episode) -> Void) async {
        var episode = Samples.episode("e")
        change(&episode)
        let error = await #expect(throws: DurableStoreError.self) {
          try await store.insert([NewEpisode(episode)])
        }
        guard case .invalid(let invalid)? = error else {
          Issue.record("\(field) was not refused as invalid")
          return
        }
        #expect(invalid.field == field)
      }
      await refuses("id") { $0.id = "has space" }
      await refuses("taskDescription") { $0.taskDescription = " " }
      await refuses("steps[1].parameters") { $0.steps[1].parameters = [.number(.infinity)] }
      await refuses("steps[0].parameters") { $0.steps[0].parameters = .number(.nan) }
      await refuses("steps[0].parameters") {
        $0.steps[0].parameters = (0..<600).reduce(JSONValue.null) { value, _ in .array([value]) }
      }
      await refuses("reward.base") {
        $0.reward = RewardScore(
          total: 0, base: .nan, efficiency: 0, complexityBonus: 0, qualityMultiplier: 0,
          learningBonus: 0)
      }
      await refuses("checkpoints[0].episode") {
        $0.checkpoints = [
          Checkpoint(
            id: "c", episode: "other", stepNumber: 1, timestamp: Samples.time, label: "here")
        ]
      }
      let count = try await store.count(matching: EpisodeFilter())
      #expect(count == 0)
    }
  }
}
