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
      of: pattern(0.8, 10), likeness: 0.6, context: context, weights: .search, at: now)
    // 0.4 · 0.6 + 0.2 · 0.5 + 0.6 · (0.2 · 0.5 + 0.1 · 1 + 0.1 · 0.8).
    #expect(close(search.total, 0.508))
    let recommend = PatternScore(
      of: pattern(0.8, 10), likeness: 0.6, context: context, weights: .recommend, at: now)
    // 0.35 · 0.6 + 0.25 · 0.5 + 0.6 · (0.25 · 0.5 + 0.1 · 1 + 0.05 · 0.49016).
    #expect(close(recommend.total, 0.484705))
    // What a question leaves out makes no pattern more alike that leaves it out too.
    let elsewhere = PatternScore(
      of: pattern(0.8, 10), likeness: 0.6, context: TaskContext(domain: "ci"), weights: .search,
      at: now)
    #expect(elsewhere.context == 0)
    let nothingNamed = PatternScore(
      of: pattern(0.8, 10), likeness: 0.6, context: TaskContext(), weights: .search, at: now)
    #expect(nothingNamed.context == nil)
  }

  @Test("What helped elsewhere lifts a pattern only as far as it is like the task")
  func likenessOfUse() {
    var helped = pattern(1, 20)
    helped.effectiveness = PatternEffectiveness(
      timesApplied: 50, successWhenApplied: 50, lastUsed: now)
    var unused = pattern(1, 1)
    unused.updatedAt = Timestamp("2025-04-01T00:00:00Z")!
    func total(_ pattern: Pattern, _ likeness: Double) -> Double {
      PatternScore(of: pattern, likeness: likeness, context: nil, weights: .recommend, at: now)
        .total
    }
    #expect(total(helped, 0) == 0)
    #expect(total(helped, 0.2) < total(unused, 0.4))
    #expect(total(helped, 0.4) > total(unused, 0.4))
  }

  @Test("A pattern is like a task by its words and by the episode most like it")
  func likeness() {
    #expect(close(PatternLikeness.likeness(ofEpisode: 0.3, words: 0.2), 0.5))
    #expect(PatternLikeness.likeness(ofEpisode: -0.3, words: 0.1) == 0)
    #expect(PatternLikeness.likeness(ofEpisode: 0.9, words: 0.8) == 1)
    // 0.3 · 0.5 + 0.7 · 0.2.
    #expect(close(PatternLikeness.likeness(ofPattern: 0.5, episode: 0.2), 0.29))
    #expect(PatternLikeness.likeness(ofPattern: 0.5, episode: nil) == 0.5)
    #expect(PatternLikeness.likeness(ofPattern: .nan, episode: nil) == 0)
  }

  @Test("Without a context its weight goes to the other components")
  func noContext() {
    let score = PatternScore(
      of: pattern(1, 1), likeness: -0.3, context: nil, weights: .search, at: now)
    // What is not like the question at all is nothing to it.
    #expect(score.total == 0)
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
