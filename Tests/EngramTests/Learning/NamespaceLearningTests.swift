import DurableStore
import Engram
import Episodes
import Sync
import Testing

@Suite("What was learned in a namespace")
struct NamespaceLearningTests {
  @Test(
    "A deleted namespace takes its patterns, heuristics, recommendations and pending episodes along"
  )
  func deleted() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      for namespace in ["a", "b"] {
        for _ in 0..<2 {
          try await memory.experience(namespace: namespace, tools: ["check", "restart"])
        }
      }
      try await memory.learnPending()
      let gone = try await memory.recommend(PatternRequest("check", namespace: "a"))
      let kept = try await memory.recommend(PatternRequest("check", namespace: "b"))
      try await memory.experience(namespace: "a")
      #expect(try await memory.heuristics(namespace: "a").count == 1)
      let count = try await memory.patterns(namespace: "a").count
      let preview = try await memory.deleteNamespace("a", isDryRun: true)
      #expect(preview.removed.patterns == count && preview.removed.heuristics == 1)
      #expect(try await memory.patterns(namespace: "a").count == count)
      let report = try await memory.deleteNamespace("a")
      #expect(report.removed.episodes == 3 && report.removed.patterns == count)
      #expect(report.removed.heuristics == 1 && report.isErased)
      for memory in [memory, other] {
        #expect(try await memory.patterns(namespace: "a").isEmpty)
        #expect(try await memory.heuristics(namespace: "a").isEmpty)
        #expect(try await memory.searchPatterns(PatternRequest("check", namespace: "a")).isEmpty)
        #expect(try await memory.recommendation(id: gone.id) == nil)
        #expect(try await memory.recommendation(id: kept.id)?.items.isEmpty == false)
        #expect(try await memory.pendingEpisodeCount() == 0)
        #expect(try await memory.patterns(namespace: "b").map(\.occurrenceCount) == [2, 2, 2])
        try await memory.sync()
        #expect(try await memory.validateCache().problems == [])
      }
      await expectError(.notFound) { _ = try await memory.deleteNamespace("a") }
      await other.close()
    }
  }

  @Test("A renamed namespace keeps its patterns with their use, and goes on learning")
  func renamed() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      for _ in 0..<2 {
        try await memory.experience(namespace: "a", tools: ["check", "restart"])
      }
      try await memory.learnPending()
      let recommendation = try await memory.recommend(PatternRequest("check", namespace: "a"))
      let used = recommendation.patterns[0].pattern.id
      try await memory.recordFeedback(.helped, on: used, in: recommendation.id)
      let before = try await memory.patterns(namespace: "a")
      let pending = try await memory.experience(namespace: "a", tools: ["check", "restart"])
      #expect(try await memory.renameNamespace("a", to: "b") == 3)
      for memory in [memory, other] {
        #expect(try await memory.patterns(namespace: "a").isEmpty)
        var after = try await memory.patterns(namespace: "b")
        for index in after.indices { after[index].namespace = "a" }
        #expect(after == before)
        #expect(try await memory.heuristics(namespace: "b").count == 1)
        #expect(
          try await memory.searchPatterns(PatternRequest("check", namespace: "b")).count
            == before.count)
        #expect(try await memory.recommendation(id: recommendation.id)?.namespace == "b")
      }
      try await other.learnPending()
      #expect(try await memory.patterns(namespace: "b").map(\.occurrenceCount) == [3, 3, 3])
      #expect(
        try await memory.patterns(namespace: "b").allSatisfy { $0.evidence.last == pending.id })
      #expect(try await other.validateCache().problems == [])
      await other.close()
    }
  }

  @Test("Of two namespaces that become one the patterns that both know are merged")
  func merged() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      var ids: [String] = []
      for namespace in ["a", "b", "a"] {
        ids.append(
          try await memory.experience(namespace: namespace, tools: ["check", "restart"]).id)
      }
      try await memory.experience(namespace: "a", domain: "ops", tools: ["plan", "dig", "fill"])
      try await memory.learnPending()
      let recommendation = try await memory.recommend(
        PatternRequest("check", namespace: "a", kind: .decisionPoint))
      let used = recommendation.patterns[0].pattern.id
      try await memory.recordFeedback(.helped, on: used, in: recommendation.id)
      let applied = try await memory.experience(
        namespace: "a", tools: ["check", "restart"], applied: [AppliedPattern(patternID: used)])
      try await memory.learnPending()

      #expect(try await memory.renameNamespace("a", to: "b", merging: true) == 4)
      #expect(try await memory.patterns(namespace: "a").isEmpty)
      let patterns = try await other.patterns(namespace: "b")
      // Three that both have, two that one alone had.
      #expect(patterns.map(\.occurrenceCount).sorted() == [1, 1, 4, 4, 4])
      let both = patterns.filter { $0.occurrenceCount == 4 }
      for pattern in both { #expect(Set(pattern.evidence) == Set(ids + [applied.id])) }
      let decision = try #require(both.first { $0.kind.name == .decisionPoint })
      #expect(decision.id != used)
      #expect(decision.effectiveness.timesApplied == 2)
      #expect(decision.effectiveness.successWhenApplied == 2)
      #expect(try await other.heuristics(namespace: "b").map(\.id) == [decision.id])
      for id in ids + [applied.id] {
        let episode = try #require(try await other.episode(id: id))
        #expect(Set(episode.patternIDs) == Set(both.map(\.id)))
        #expect(episode.heuristicIDs == [decision.id])
      }
      #expect(
        try await other.episode(id: applied.id)?.appliedPatterns.map(\.patternID) == [decision.id])
      #expect(
        try await other.recommendation(id: recommendation.id)?.items.map(\.patternID)
          == [decision.id])
      #expect(try await other.pendingEpisodeCount() == 0)
      try await memory.experience(namespace: "b", tools: ["check", "restart"])
      try await memory.learnPending()
      #expect(
        try await other.patterns(namespace: "b").map(\.occurrenceCount).sorted() == [1, 1, 5, 5, 5])
      try await memory.forget(ids: ids, erasing: false)
      #expect(
        try await other.patterns(namespace: "b").map(\.occurrenceCount).sorted() == [1, 1, 2, 2, 2])
      #expect(try await other.validateCache().problems == [])
      #expect(try await memory.checkStore() == [])
      await other.close()
    }
  }
}
