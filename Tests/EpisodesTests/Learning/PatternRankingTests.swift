import Testing

@testable import Episodes

/// Wilson bounds, decay and scores, worked out by hand.
struct PatternRankingTests {
  private let now = Timestamp("2026-04-01T00:00:00Z")!

  private func close(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-4 }

  @Test("The Wilson bound is that of the textbook")
  func wilson() {
    #expect(WilsonInterval.lowerBound(successes: 0, count: 0) == 0)
    #expect(close(WilsonInterval.lowerBound(successes: 1, count: 1), 0.20654))
    #expect(close(WilsonInterval.lowerBound(successes: 10, count: 10), 0.72246))
    #expect(close(WilsonInterval.lowerBound(successes: 8, count: 10), 0.49016))
    #expect(WilsonInterval.lowerBound(successes: 0, count: 5) == 0)
  }

  @Test("Use moves the score from the middle, and time brings it back")
  func effectiveness() {
    #expect(PatternEffectiveness().score(at: now) == 0.5)
    var use = PatternEffectiveness(timesApplied: 10, successWhenApplied: 10, lastUsed: now)
    // ½ + ½ · 0.72246.
    #expect(close(use.score(at: now), 0.86123))
    use.lastUsed = Timestamp("2026-01-01T00:00:00Z")!
    // 90 days: half of it.
    #expect(close(use.score(at: now), 0.68062))
    use.successWhenApplied = 0
    use.failureWhenApplied = 10
    #expect(close(use.score(at: now), 0.31938))
  }

  private func pattern(_ rate: Double, _ count: Int) -> Pattern {
    Pattern(
      id: "p", kind: .toolSequence(tools: ["a", "b"], averageLatency: 0),
      context: TaskContext(domain: "web", language: "swift"), successRate: rate,
      occurrenceCount: count, evidence: [], createdAt: now, updatedAt: now)
  }

  @Test("A score is the weighted sum of its components")
  func score() {
    let context = TaskContext(domain: "web", language: "go")
    let search = PatternScore(
      of: pattern(0.8, 10), similarity: 0.6, context: context, weights: .search, at: now)
    // 0.4 · 0.6 + 0.2 · 0.7 + 0.2 · 0.5 + 0.1 · 1 + 0.1 · 0.8.
    #expect(close(search.total, 0.66))
    let recommend = PatternScore(
      of: pattern(0.8, 10), similarity: 0.6, context: context, weights: .recommend, at: now)
    // 0.35 · 0.6 + 0.25 · 0.7 + 0.25 · 0.5 + 0.1 · 1 + 0.05 · 0.49016.
    #expect(close(recommend.total, 0.634508))
  }

  @Test("Without a context its weight goes to the other components")
  func noContext() {
    let score = PatternScore(
      of: pattern(1, 1), similarity: -0.3, context: nil, weights: .search, at: now)
    // (0 + 0.2 · 0.5 + 0.1 + 0.1) / 0.8.
    #expect(close(score.total, 0.375))
    #expect(score.context == nil && score.semantic == 0)
  }

  @Test("Weights that cannot be are refused by name")
  func weights() {
    var weights = PatternWeights.search
    weights.recency = -1
    #expect { try weights.validate() } throws: { "\($0)".contains("weights.recency") }
  }

  @Test("A heuristic needs two episodes, confidence 0.7 and more successes than failures")
  func heuristics() throws {
    func decision(_ successes: Int, _ failures: Int, episodes: Int) -> Pattern {
      var pattern = pattern(Double(successes) / Double(successes + failures), episodes)
      pattern.kind = .decisionPoint(
        condition: "check", action: "act",
        outcomeStatistics: OutcomeStatistics(successCount: successes, failureCount: failures))
      return pattern
    }
    #expect(HeuristicRule.heuristic(from: decision(1, 0, episodes: 1)) == nil)
    let kept = try #require(HeuristicRule.heuristic(from: decision(1, 1, episodes: 2)))
    #expect(close(kept.confidence, 0.70711))
    #expect(HeuristicRule.heuristic(from: decision(4, 5, episodes: 9)) == nil)
    let sure = try #require(HeuristicRule.heuristic(from: decision(9, 0, episodes: 9)))
    #expect(sure.confidence == 3)
    #expect(sure.id == "p" && sure.condition == "check" && sure.action == "act")
  }
}
