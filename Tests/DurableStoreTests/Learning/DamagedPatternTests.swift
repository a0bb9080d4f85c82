import Episodes
import Testing

@testable import DurableStore

@Suite("A damaged pattern among sound ones")
struct DamagedPatternTests {
  private static func pattern(_ id: String, evidence: [String] = ["e1"]) -> Pattern {
    var pattern = Samples.pattern(id)
    pattern.evidence = evidence
    pattern.occurrenceCount = evidence.count
    return pattern
  }

  /// What an earlier version wrote for a mean that was no number.
  private static func damage(_ id: String, in store: DurableStore) async throws {
    _ = try await store.write(
      """
      UPDATE patterns SET definition = '{"averageLatencySeconds":null,"tools":["grep","edit"]}'
      WHERE id = ?1
      """, [.text(id)])
  }

  @Test("It is left out of listings, pages and exports, and the check names it")
  func leftOut() async throws {
    try await withStore { store, _ in
      for id in ["a", "b", "c", "d"] { try await store.put(Self.pattern(id)) }
      for id in ["a", "c"] { try await Self.damage(id, in: store) }
      #expect(try await store.patterns(limit: 9).map(\.id) == ["b", "d"])
      // A page that is not full would be taken for the last.
      #expect(try await store.patterns(limit: 1).map(\.id) == ["b"])
      #expect(try await store.patterns(after: "b", limit: 1).map(\.id) == ["d"])
      #expect(try await store.patterns(ids: ["c", "b", "a"]).map(\.id) == ["b"])
      #expect(
        try await store.patternsWithoutEmbedding(model: "model", limit: 1).map(\.id) == ["b"])
      await #expect(throws: DurableStoreError.self) { try await store.pattern(id: "a") }
      let exported = Locked<[String]>([])
      try await store.export { record in
        if case .pattern(let pattern, _) = record { exported.withLock { $0.append(pattern.id) } }
      }
      #expect(exported.withLock { $0 } == ["b", "d"])
      let problems = try await store.checkIntegrity()
      #expect(problems.count == 2)
      #expect(problems.first?.contains("'a'") == true, "\(problems)")
      #expect(problems.first?.contains("patterns.definition") == true, "\(problems)")
      // That of an import takes its place.
      try await store.put(Self.pattern("a"))
      try await store.put(Self.pattern("c"))
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Its episodes can be deleted and forgotten, and count it out")
  func unlearned() async throws {
    try await withStore { store, _ in
      try await store.insert(
        ["e1", "e2"].map {
          var episode = Samples.episode($0)
          episode.patternIDs = ["p"]
          return NewEpisode(episode)
        })
      try await store.put(Self.pattern("p", evidence: ["e1", "e2"]))
      try await Self.damage("p", in: store)
      try await store.deleteEpisode(id: "e1")
      let count = "SELECT occurrence_count FROM patterns"
      #expect(try await store.read(count).firstInteger == 1)
      #expect(try await store.forget(ids: ["e2"], at: Samples.time).episodes == 1)
      #expect(try await store.read(count).rows.isEmpty)
    }
  }

  @Test("Forgetting an episode takes it away whole: words of the episode may be in it")
  func forgotten() async throws {
    try await withStore { store, _ in
      try await store.insert(["e1", "e2"].map { NewEpisode(Samples.episode($0)) })
      for id in ["p", "q"] {
        try await store.put(Self.pattern(id, evidence: id == "p" ? ["e1", "e2"] : ["e2"]))
        try await Self.damage(id, in: store)
      }
      #expect(try await store.forgetPreview(ids: ["e1"]).patterns == 1)
      #expect(try await store.forget(ids: ["e1"], at: Samples.time).patterns == 1)
      #expect(try await store.read("SELECT id FROM patterns").texts == ["q"])
      #expect(
        try await store.read(
          "SELECT count(*) FROM pattern_keys WHERE pattern NOT IN "
            + "(SELECT rowid FROM patterns)"
        ).firstInteger == 0)
    }
  }

  @Test("It is keyed once, with the sound ones")
  func keyed() async throws {
    try await withStore { store, _ in
      for id in ["a", "b"] { try await store.put(Self.pattern(id)) }
      _ = try await store.write("UPDATE patterns SET is_keyed = 0")
      _ = try await store.write("DELETE FROM pattern_keys")
      try await Self.damage("a", in: store)
      #expect(try await store.keyPatterns() == 1)
      #expect(try await store.keyPatterns() == 0)
      let keys = PatternKeys.keys(of: Self.pattern("b").kind, in: Self.pattern("b").context)
      #expect(try await store.patterns(withKeys: keys, namespace: "default").map(\.id) == ["b"])
    }
  }

  @Test("Numbers that are none are never written, nor a mean over rewards that have no difference")
  func bounded() async throws {
    try await withStore { store, _ in
      var other = Samples.episode("other")
      other.outcome = .success(verdict: "v", artifacts: [])
      var applied = other
      applied.id = "applied"
      applied.appliedPatterns = [AppliedPattern(patternID: "p", effect: .helped)]
      try await store.insert([NewEpisode(other), NewEpisode(applied)])
      try await store.put(Self.pattern("p"))
      // As an earlier version let them in.
      _ = try await store.write(
        """
        UPDATE episodes SET reward_total = iif(id = 'applied', 1e308, -1e308) * 10,
          reward_base = 0, reward_efficiency = 0, reward_complexity_bonus = 0,
          reward_quality_multiplier = 0, reward_learning_bonus = 0
        """)
      _ = try await store.write("UPDATE patterns SET average_reward_delta = 1e308 * 10")
      let pending = try await store.pendingEpisodes(limit: 9)
      let learned = try #require(pending.episodes.first { $0.episode.id == "applied" })
      var commit = LearningCommit(revision: pending.revision, time: Samples.time)
      var merged = Self.pattern("p")
      merged.kind = .toolSequence(tools: ["grep", "edit"], averageLatency: .infinity)
      merged.successRate = .nan
      commit.mergedPatterns = [merged]
      commit.episodes = [
        LearnedEpisode(
          rowID: learned.rowID, episode: learned.episode, patternIDs: ["p"], heuristicIDs: [],
          reward: nil)
      ]
      try await store.commit(commit)
      let stored = try #require(try await store.pattern(id: "p"))
      #expect(stored.kind == .toolSequence(tools: ["grep", "edit"], averageLatency: 1e9))
      #expect(stored.successRate == 0)
      #expect(abs(stored.effectiveness.averageRewardDelta) <= 1e9)
      #expect(stored.effectiveness.timesApplied == 1)
      #expect(try await store.pendingEpisodeCount() == 1)
    }
  }
}
