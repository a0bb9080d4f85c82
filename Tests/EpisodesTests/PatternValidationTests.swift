import Testing

@testable import Episodes

@Suite("The numbers of episodes and patterns")
struct PatternValidationTests {
  private static let pattern = Pattern(
    id: "p", kind: .toolSequence(tools: ["a", "b"], averageLatency: 1), context: TaskContext(),
    successRate: 1, occurrenceCount: 3, evidence: ["e"], createdAt: LearningSamples.end,
    updatedAt: LearningSamples.end)

  @Test("A latency or reward that sums of cannot be stored is refused, with its field")
  func episodes() throws {
    var episode = EpisodeSamples.full
    try episode.validate()
    for latency in [1e308, 1.1e9, -1, .infinity, .nan] {
      var changed = episode
      changed.steps[0].latency = latency
      let error = #expect(throws: ValidationError.self) { try changed.validate() }
      #expect(error?.field == "steps[0].latency")
    }
    episode.reward = RewardScore(
      total: -1e308, base: 0, efficiency: 0, complexityBonus: 0, qualityMultiplier: 0,
      learningBonus: 0)
    let error = #expect(throws: ValidationError.self) { try episode.validate() }
    #expect(error?.field == "reward.total")
    episode.reward?.total = -1e9
    try episode.validate()
  }

  @Test("A pattern that no learning could have made is refused, with its field")
  func patterns() throws {
    try Self.pattern.validate()
    let changes: [(String, (inout Pattern) -> Void)] = [
      ("id", { $0.id = "a b" }), ("namespace", { $0.namespace = "" }),
      ("successRate", { $0.successRate = 1.01 }), ("successRate", { $0.successRate = .nan }),
      ("occurrenceCount", { $0.occurrenceCount = -1 }),
      ("effectiveness.timesApplied", { $0.effectiveness.timesApplied = -1 }),
      ("effectiveness.averageRewardDelta", { $0.effectiveness.averageRewardDelta = -1e308 }),
      ("kind.averageLatency", { $0.kind = .toolSequence(tools: [], averageLatency: .infinity) }),
      (
        "kind.outcomeStatistics.failureCount",
        {
          $0.kind = .decisionPoint(
            condition: "c", action: "a", outcomeStatistics: OutcomeStatistics(failureCount: -1))
        }
      ),
      ("evidence", { $0.evidence = (0...PatternMerge.evidenceMax).map { "e\($0)" } }),
      ("evidence[0]", { $0.evidence = ["a b"] }),
    ]
    for (field, change) in changes {
      var pattern = Self.pattern
      change(&pattern)
      let error = #expect(throws: ValidationError.self) { try pattern.validate() }
      #expect(error?.field == field)
    }
  }

  @Test("Numbers out of range are brought back, and a sound pattern stays as it is")
  func bounded() {
    #expect(Self.pattern.bounded == Self.pattern)
    var pattern = Self.pattern
    pattern.successRate = .nan
    pattern.occurrenceCount = -1
    pattern.effectiveness.averageRewardDelta = -.infinity
    pattern.kind = .toolSequence(tools: ["a", "b"], averageLatency: .infinity)
    #expect(throws: Never.self) { try pattern.bounded.validate() }
    // What it is merged with is a number then.
    let observation = PatternObservation(
      namespace: "default", kind: pattern.kind, context: pattern.context, successRate: 1,
      episodeID: "f", time: LearningSamples.end)
    #expect(PatternMerge.merge(observation, into: pattern.bounded).successRate == 1)
  }
}
