import Episodes
import Testing

@testable import DurableStore

@Suite("The queue of episodes to learn from")
struct LearningQueueTests {
  private static let time = Timestamp("2026-03-02T09:00:00Z")!

  private static func episode(_ id: String) -> Episode {
    Episode(
      id: id, taskDescription: "a task", startTime: time, endTime: time,
      outcome: .success(verdict: "done", artifacts: []))
  }

  private static func pattern(_ id: String, namespace: String = "default", _ evidence: String)
    -> Pattern
  {
    Pattern(
      id: id, namespace: namespace, kind: .toolSequence(tools: ["a", "b"], averageLatency: 1),
      context: TaskContext(), successRate: 1, occurrenceCount: 1, evidence: [evidence],
      createdAt: time, updatedAt: time)
  }

  /// What learning the pattern from the first pending episode writes.
  private static func commit(_ pending: PendingEpisodes, pattern: Pattern) -> LearningCommit {
    var commit = LearningCommit(revision: pending.revision, time: time)
    commit.newPatterns = [pattern]
    commit.episodes = pending.episodes.prefix(1).map {
      LearnedEpisode(
        rowID: $0.rowID, episode: $0.episode, patternIDs: [pattern.id], heuristicIDs: [],
        reward: nil)
    }
    return commit
  }

  @Test(
    "Completing, importing and replacing queue an episode; being unfinished or learned does not")
  func queued() async throws {
    try await withStore { store, _ in
      var unfinished = Self.episode("unfinished")
      unfinished.outcome = nil
      unfinished.endTime = nil
      var learned = Self.episode("learned")
      learned.patternIDs = ["p"]
      try await store.insert([
        NewEpisode(unfinished), NewEpisode(learned), NewEpisode(Self.episode("done")),
      ])
      #expect(try await store.pendingEpisodes(limit: 9).episodes.map(\.episode.id) == ["done"])
      try await store.complete(
        "unfinished",
        with: EpisodeCompletion(
          endTime: Self.time, outcome: .failure(reason: "no", details: nil)))
      #expect(try await store.pendingEpisodeCount() == 2)
      learned.outcome = .failure(reason: "reverted", details: nil)
      learned.patternIDs = []
      try await store.update(learned)
      #expect(
        Set(try await store.pendingEpisodes(limit: 9).episodes.map(\.episode.id)) == [
          "unfinished", "learned", "done",
        ])
      try await store.deleteEpisode(id: "done")
      #expect(try await store.pendingEpisodeCount() == 2)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("A batch ends at its bytes, in order; an episode beyond them is alone")
  func boundedBytes() async throws {
    try await withStore { store, _ in
      let ids = (0..<40).map { "e\($0)" }
      try await store.insert(
        ids.map { id in
          var episode = Self.episode(id)
          episode.metadata["text"] = id + String(repeating: "x", count: id == "e3" ? 20_000 : 1000)
          return NewEpisode(episode)
        })
      let all = try await store.pendingEpisodes(limit: 100).episodes
      #expect(all.map(\.episode.id) == ids)
      for bytesMax in [1, 3000, 15_000, 30_000] {
        let batch = try await store.pendingEpisodes(limit: 100, bytesMax: bytesMax).episodes
        let byteCount = batch.reduce(0) { $0 + $1.episode.textByteCount }
        #expect(batch == Array(all.prefix(batch.count)), "\(bytesMax)")
        #expect(byteCount <= bytesMax || batch.count == 1, "\(bytesMax): \(byteCount)")
        let next = all[batch.count].episode.textByteCount
        #expect(byteCount + next > bytesMax, "\(bytesMax): one more would have fitted")
      }
      #expect(try await store.pendingEpisodes(limit: 2).episodes == Array(all.prefix(2)))
      // What does not fit beside others is learned from as well.
      for id in ids.prefix(3) { try await store.deleteEpisode(id: id) }
      let long = try await store.pendingEpisodes(limit: 100, bytesMax: 1000).episodes
      #expect(long.map(\.episode.id) == ["e3"])
    }
  }

  @Test("Of two commits of one batch the second changes nothing")
  func onceOnly() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Self.episode("e"))])
      let pending = try await store.pendingEpisodes(limit: 9)
      try await store.commit(Self.commit(pending, pattern: Self.pattern("p1", "e")))
      await #expect {
        try await store.commit(Self.commit(pending, pattern: Self.pattern("p2", "e")))
      } throws: { error in
        if case DurableStoreError.changedMeanwhile = error { true } else { false }
      }
      #expect(try await store.patterns(limit: 9).map(\.id) == ["p1"])
      #expect(try await store.pendingEpisodeCount() == 0)
      #expect(try await store.episode(id: "e")?.patternIDs == ["p1"])
    }
  }

  @Test("What changes what is known between reading and commit makes the commit fail")
  func revisions() async throws {
    try await withStore { store, _ in
      try await store.put(Self.pattern("known", "x"))
      try await store.insert([NewEpisode(Self.episode("e")), NewEpisode(Self.episode("f"))])
      for change in [
        { @Sendable in _ = try await store.put(Self.pattern("known", "y")) },
        {
          @Sendable in
          var reverted = Self.episode("e")
          reverted.outcome = .failure(reason: "reverted", details: nil)
          _ = try await store.update(reverted)
        },
        {
          @Sendable in
          var moved = Self.episode("f")
          moved.context.domain = "ci"
          _ = try await store.update(
            moved, EpisodeChanges(context: moved.context),
            expectedRevision: try await store.revision(ofEpisode: "f"), embeddings: [])
        },
        { @Sendable in try await store.addTags([Episodes.Tag("slow")], toEpisode: "e") },
        { @Sendable in _ = try await store.replaceTags([Episodes.Tag("slow")], by: nil) },
        { @Sendable in _ = try await store.deleteEpisode(id: "f") },
        { @Sendable in _ = try await store.deletePatterns(ids: ["known"]) },
      ] {
        let pending = try await store.pendingEpisodes(limit: 9)
        try await change()
        await #expect(throws: DurableStoreError.self) {
          try await store.commit(Self.commit(pending, pattern: Self.pattern("new", "e")))
        }
      }
      // Its use is counted without that.
      try await store.put(Self.pattern("known", "x"))
      let pending = try await store.pendingEpisodes(limit: 9)
      try await store.recordUse(ofPattern: "known", PatternUse(wasRetrieved: true, time: Self.time))
      try await store.commit(Self.commit(pending, pattern: Self.pattern("new", "e")))
      #expect(try await store.patterns(limit: 9).map(\.id) == ["known", "new"])
    }
  }

  @Test("Patterns are found by their keys within their namespace, also those made by hand")
  func keys() async throws {
    try await withStore { store, _ in
      try await store.put(Self.pattern("one", namespace: "n", "x"))
      try await store.put(Self.pattern("two", "x"))
      let keys = PatternKeys.keys(
        of: .toolSequence(tools: ["z", "a", "b"], averageLatency: 0), in: TaskContext())
      #expect(try await store.patterns(withKeys: keys, namespace: "n").map(\.id) == ["one"])
      _ = try await store.write("UPDATE patterns SET is_keyed = 0")
      _ = try await store.write("DELETE FROM pattern_keys")
      #expect(try await store.patterns(withKeys: keys, namespace: "n").isEmpty)
      #expect(try await store.keyPatterns() == 2)
      #expect(try await store.patterns(withKeys: keys, namespace: "n").map(\.id) == ["one"])
      try await store.deletePatterns(ids: ["one", "two"])
      #expect(try await store.read("SELECT count(*) FROM pattern_keys").firstInteger == 0)
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Patterns and heuristics keep their namespace, and are listed by it")
  func namespaces() async throws {
    try await withStore { store, _ in
      let pattern = Self.pattern("p", namespace: "n", "x")
      try await store.put(pattern)
      #expect(try await store.pattern(id: "p") == pattern)
      #expect(try await store.patterns(namespace: "other", limit: 9).isEmpty)
      #expect(try await store.patterns(namespace: "n", limit: 9) == [pattern])
      let heuristic = Heuristic(
        id: "p", namespace: "n", condition: "c", action: "a", confidence: 1, evidence: ["x", "y"],
        createdAt: Self.time, updatedAt: Self.time)
      try await store.put(heuristic)
      #expect(try await store.heuristics(namespace: "n", limit: 9) == [heuristic])
      #expect(try await store.heuristics(namespace: "other", limit: 9).isEmpty)
    }
  }

  @Test(
    "An episode whose row is damaged is left aside after three tries, and the rest is learned from")
  func damaged() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Self.episode("bad")), NewEpisode(Self.episode("good"))])
      _ = try await store.write("UPDATE episodes SET task_type = 'nonsense' WHERE id = 'bad'")
      for _ in 0..<3 {
        let pending = try await store.pendingEpisodes(limit: 9)
        #expect(pending.episodes.map(\.episode.id) == ["good"])
        #expect(pending.problems.count == 1)
      }
      #expect(try await store.pendingEpisodes(limit: 9).problems.isEmpty)
      #expect(try await store.pendingEpisodeCount() == 1)
    }
  }
}
