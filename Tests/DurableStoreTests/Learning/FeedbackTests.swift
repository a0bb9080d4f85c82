import Episodes
import Testing

@testable import DurableStore

@Suite("Feedback beside completion and learning")
struct FeedbackTests {
  private static let time = Timestamp("2026-03-02T09:00:00Z")!

  private static func pattern(_ id: String) -> Pattern {
    Pattern(
      id: id, kind: .toolSequence(tools: ["a", "b"], averageLatency: 1), context: TaskContext(),
      successRate: 1, occurrenceCount: 1, evidence: ["x"], createdAt: time, updatedAt: time)
  }

  private static func recommendation(
    _ id: String, episode: String?, second: Int64 = 0
  ) -> RecommendationRecord {
    RecommendationRecord(
      id: id, namespace: "default", task: "a task", context: nil, episodeID: episode,
      createdAt: Timestamp(nanosecondsSince1970: second * 1_000_000_000),
      items: ["p1", "p2"].map { .init(patternID: $0, score: 1) })
  }

  /// An unfinished episode, two patterns, and a recommendation of them in it.
  private static func prepare(_ store: DurableStore) async throws {
    for id in ["p1", "p2"] { try await store.put(pattern(id)) }
    try await store.insert([
      NewEpisode(Episode(id: "e", taskDescription: "a task", startTime: time))
    ])
    try await store.insert(recommendation("r", episode: "e"))
  }

  private static func complete(
    _ store: DurableStore, applied: [AppliedPattern]?
  ) async throws {
    try await store.complete(
      "e",
      with: EpisodeCompletion(
        endTime: time, outcome: .success(verdict: "done", artifacts: []),
        appliedPatterns: applied))
  }

  private static func learn(_ store: DurableStore, _ pending: PendingEpisodes) async throws {
    var commit = LearningCommit(revision: pending.revision, time: time)
    commit.episodes = pending.episodes.map {
      LearnedEpisode(
        rowID: $0.rowID, episode: $0.episode, patternIDs: [], heuristicIDs: [], reward: nil)
    }
    try await store.commit(commit)
  }

  /// How often a pattern was applied, helped and hindered.
  private static func use(_ store: DurableStore, _ id: String) async throws -> [Int] {
    let use = try #require(try await store.pattern(id: id)?.effectiveness)
    return [use.timesApplied, use.successWhenApplied, use.failureWhenApplied]
  }

  @Test("Feedback on a pattern that is recommended no more writes nothing")
  func gone() async throws {
    try await withStore { store, _ in
      try await Self.prepare(store)
      _ = try await store.write("DELETE FROM recommended_patterns WHERE pattern_id = 'p1'")
      for isComplete in [false, true] {
        if isComplete { try await Self.complete(store, applied: nil) }
        await #expect(throws: DurableStoreError.notFound(.pattern, id: "p1")) {
          try await store.recordFeedback(
            recommendation: "r", pattern: "p1", effect: .helped, replacing: nil, at: Self.time)
        }
      }
      #expect(try await store.episode(id: "e")?.appliedPatterns == [])
      #expect(try await Self.use(store, "p1") == [0, 0, 0])
    }
  }

  @Test("Feedback that comes while an episode is being completed stays beside what completion says")
  func duringCompletion() async throws {
    try await withStore { store, _ in
      try await Self.prepare(store)
      // After completion has read the episode, and before it writes.
      try await store.recordFeedback(
        recommendation: "r", pattern: "p1", effect: .hindered, replacing: nil, at: Self.time)
      try await Self.complete(store, applied: [AppliedPattern(patternID: "p2")])
      #expect(
        try await store.episode(id: "e")?.appliedPatterns == [
          AppliedPattern(patternID: "p1", effect: .hindered), AppliedPattern(patternID: "p2"),
        ])
      try await Self.learn(store, try await store.pendingEpisodes(limit: 9))
      #expect(try await Self.use(store, "p1") == [1, 0, 1])
      #expect(try await Self.use(store, "p2") == [1, 1, 0])
    }
  }

  @Test("Feedback that changes between completion and learning counts once, as it is at last")
  func queued() async throws {
    try await withStore { store, _ in
      try await Self.prepare(store)
      try await store.recordFeedback(
        recommendation: "r", pattern: "p1", effect: .helped, replacing: nil, at: Self.time)
      try await Self.complete(store, applied: nil)
      let early = try await store.pendingEpisodes(limit: 9)
      try await store.recordFeedback(
        recommendation: "r", pattern: "p1", effect: .hindered, replacing: .helped, at: Self.time)
      #expect(try await Self.use(store, "p1") == [0, 0, 0])
      // What was read before would count what was said first.
      await #expect(throws: DurableStoreError.self) { try await Self.learn(store, early) }
      try await Self.learn(store, try await store.pendingEpisodes(limit: 9))
      #expect(try await Self.use(store, "p1") == [1, 0, 1])
    }
  }

  @Test(
    "Feedback that changes after learning replaces what was counted, also what the outcome said")
  func learned() async throws {
    try await withStore { store, _ in
      try await Self.prepare(store)
      try await store.recordFeedback(
        recommendation: "r", pattern: "p1", effect: .helped, replacing: nil, at: Self.time)
      try await Self.complete(store, applied: [AppliedPattern(patternID: "p2")])
      try await Self.learn(store, try await store.pendingEpisodes(limit: 9))
      #expect(try await Self.use(store, "p1") == [1, 1, 0])
      #expect(try await Self.use(store, "p2") == [1, 1, 0])
      try await store.recordFeedback(
        recommendation: "r", pattern: "p1", effect: .noEffect, replacing: .helped, at: Self.time)
      try await store.recordFeedback(
        recommendation: "r", pattern: "p2", effect: .hindered, replacing: nil, at: Self.time)
      #expect(try await Self.use(store, "p1") == [1, 0, 0])
      #expect(try await Self.use(store, "p2") == [1, 0, 1])
      #expect(
        try await store.episode(id: "e")?.appliedPatterns == [
          AppliedPattern(patternID: "p1", effect: .noEffect),
          AppliedPattern(patternID: "p2", effect: .hindered),
        ])
      await #expect(throws: DurableStoreError.self) {
        try await store.recordFeedback(
          recommendation: "r", pattern: "p1", effect: .helped, replacing: .helped, at: Self.time)
      }
      #expect(try await Self.use(store, "p1") == [1, 0, 0])
    }
  }

  @Test("Of recommendations without an episode the latest stay, with one all")
  func purged() async throws {
    try await withStore { store, _ in
      try await Self.prepare(store)
      for second in 1...4 as ClosedRange<Int64> {
        try await store.insert(
          Self.recommendation("r\(second)", episode: nil, second: second))
      }
      _ = try await store.write([DurableStore.purge(keeping: 2)])
      var left: [String] = []
      for id in ["r", "r1", "r2", "r3", "r4"] {
        if try await store.recommendation(id: id) != nil { left.append(id) }
      }
      #expect(left == ["r", "r3", "r4"])
      #expect(
        try await store.read("SELECT count(*) FROM recommended_patterns").firstInteger == 6)
      try await store.deleteEpisode(id: "e")
      #expect(try await store.recommendation(id: "r") == nil)
    }
  }
}
