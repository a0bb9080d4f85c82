import Episodes
import Testing

@testable import DurableStore

@Suite("Patterns and heuristics")
struct LearningTests {
  @Test("Patterns of every kind are read back as they were")
  func patterns() async throws {
    try await withStore { store, _ in
      let kinds: [PatternKind] = [
        .toolSequence(tools: ["a", "\"b\""], averageLatency: 0.1),
        .decisionPoint(
          condition: "if", action: "then",
          outcomeStatistics: OutcomeStatistics(successCount: 3, failureCount: .max)),
        .errorRecovery(errorType: "timeout", recoverySteps: []),
        .contextPattern(features: ["x\0"], recommendedApproach: "ü"),
      ]
      var patterns: [Pattern] = []
      for (index, kind) in kinds.enumerated() {
        var pattern = Samples.pattern("p\(index)")
        pattern.kind = kind
        pattern.context.tags = [try Tag("auth")]
        pattern.effectiveness = PatternEffectiveness(
          timesRetrieved: 5, timesApplied: 3, successWhenApplied: 2, failureWhenApplied: 1,
          averageRewardDelta: -0.25, lastUsed: index == 0 ? nil : Samples.time)
        patterns.append(pattern)
        #expect(try await store.put(pattern).disposition == .inserted)
      }
      #expect(try await store.patterns(ids: ["p3", "none", "p0"]) == [patterns[3], patterns[0]])
      #expect(try await store.patterns(limit: 10) == patterns)
      #expect(try await store.patterns(after: "p1", limit: 1) == [patterns[2]])
      #expect(try await store.patterns(kind: .errorRecovery, limit: 9) == [patterns[2]])
      #expect(try await store.patterns(domain: "none", limit: 9).isEmpty)
    }
  }

  @Test("Of two writers that merge into one pattern, the second must read again")
  func expectedUpdate() async throws {
    try await withStore { store, _ in
      let later = Timestamp(nanosecondsSince1970: Samples.time.nanosecondsSince1970 + 1)
      let embedding = Samples.embedding("p", kind: .pattern)
      let first = try await store.put(Samples.pattern("p"), embeddings: [embedding])
      #expect(first.embeddingIDs.count == 1)
      var merged = Samples.pattern("p", updated: later)
      merged.occurrenceCount = 5
      let outcome = try await store.put(
        merged, embeddings: [embedding], expectedUpdate: Samples.time)
      #expect(outcome.disposition == .replaced)
      #expect(outcome.embeddingIDs == first.embeddingIDs)
      await #expect(throws: DurableStoreError.changedMeanwhile(.pattern, id: "p")) {
        try await store.put(
          merged, embeddings: [Samples.embedding("p", kind: .pattern, value: 9)],
          expectedUpdate: Samples.time)
      }
      await #expect(throws: DurableStoreError.changedMeanwhile(.pattern, id: "gone")) {
        try await store.put(Samples.pattern("gone"), expectedUpdate: Samples.time)
      }
      #expect(try await store.pattern(id: "p") == merged)
      #expect(try await store.embeddings(ids: first.embeddingIDs).count == 1)
      let deleted = try await store.deletePatterns(ids: ["p"])
      #expect(deleted == DeleteOutcome(deletedCount: 1, removedEmbeddingIDs: first.embeddingIDs))
      #expect(try await store.embeddingCount(model: "model") == 0)
    }
  }

  @Test("Concurrent uses of a pattern all count")
  func uses() async throws {
    try await withStore { store, _ in
      try await store.put(Samples.pattern("p"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<20 {
          group.addTask {
            try await store.recordUse(
              ofPattern: "p",
              PatternUse(
                wasRetrieved: true,
                application: index < 10
                  ? .init(succeeded: index < 6, rewardDelta: Double(index)) : nil,
                time: Timestamp(nanosecondsSince1970: Int64(index))))
          }
        }
        try await group.waitForAll()
      }
      let use = try #require(try await store.pattern(id: "p")).effectiveness
      #expect(use.timesRetrieved == 20)
      #expect(use.timesApplied == 10)
      #expect(use.successWhenApplied == 6)
      #expect(use.failureWhenApplied == 4)
      #expect(abs(use.averageRewardDelta - 4.5) < 1e-9)
      #expect(use.lastUsed == Timestamp(nanosecondsSince1970: 19))
      await #expect(throws: DurableStoreError.notFound(.pattern, id: "x")) {
        try await store.recordUse(
          ofPattern: "x", PatternUse(wasRetrieved: true, time: Samples.time))
      }
    }
  }

  @Test("Heuristics are stored, replaced, listed and deleted")
  func heuristics() async throws {
    try await withStore { store, _ in
      var heuristic = Heuristic(
        id: "h", condition: "tests fail", action: "read the log", confidence: 1.2,
        evidence: ["e1", "e2"], createdAt: Samples.time, updatedAt: Samples.time)
      try await store.put(heuristic)
      #expect(try await store.heuristic(id: "h") == heuristic)
      heuristic.confidence = 1.5
      heuristic.updatedAt = Timestamp(nanosecondsSince1970: 7)
      try await store.put(heuristic, expectedUpdate: Samples.time)
      await #expect(throws: DurableStoreError.changedMeanwhile(.heuristic, id: "h")) {
        try await store.put(heuristic, expectedUpdate: Samples.time)
      }
      #expect(try await store.heuristics(limit: 5) == [heuristic])
      #expect(try await store.deleteHeuristics(ids: ["h", "x"]) == 1)
      #expect(try await store.heuristic(id: "h") == nil)
    }
  }
}
