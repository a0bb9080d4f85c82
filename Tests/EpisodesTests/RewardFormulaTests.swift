import Episodes
import Testing

/// Golden values worked out by hand from
/// `total = base · efficiency · complexity · quality + learning`.
@Suite("The reward formula")
struct RewardFormulaTests {
  private func reward(
    _ outcome: TaskOutcome, seconds: Double = 0, steps: [String] = [],
    complexity: TaskComplexity = .simple, newPatterns: Int = 0
  ) throws -> RewardScore {
    try #require(
      RewardFormula.reward(
        for: EpisodeSamples.completed(
          outcome, seconds: seconds, steps: EpisodeSamples.steps(steps), complexity: complexity),
        newPatternCount: newPatterns))
  }

  private func isClose(_ value: Double, _ expected: Double) -> Bool {
    abs(value - expected) < 1e-12
  }

  private let success = TaskOutcome.success(verdict: "", artifacts: [])

  @Test("An unfinished episode has no reward")
  func unfinished() {
    var episode = EpisodeSamples.full
    episode.outcome = nil
    #expect(RewardFormula.reward(for: episode) == nil)
  }

  @Test("A success of ten steps in two minutes")
  func goldenSuccess() throws {
    let score = try reward(
      success, seconds: 120, steps: Array(repeating: "t", count: 10), complexity: .moderate)
    #expect(score.base == 1)
    // ½(0.5 + e^(−120/120)) + ½(0.5 + e^(−10/20))
    // = ½(0.5 + 0.367879441171442) + ½(0.5 + 0.606530659712633)
    // = 0.433939720585721 + 0.553265329856317
    #expect(isClose(score.efficiency, 0.987205050442038))
    #expect(score.complexityBonus == 1.1)
    // 1 + 0.1 for no errors
    #expect(isClose(score.qualityMultiplier, 1.1))
    // 0.2 for a success rate above 0.9 over five steps or more; one tool earns nothing
    #expect(isClose(score.learningBonus, 0.2))
    // 1 · 0.987205050442038 · 1.1 · 1.1 + 0.2 = 1.194518111034866 + 0.2
    #expect(isClose(score.total, 1.394518111034866))
  }

  @Test("A partial success of five steps in a minute, with an error that was recovered")
  func goldenPartial() throws {
    let score = try reward(
      .partialSuccess(verdict: "", completed: ["a", "b", "c"], failed: ["d"]), seconds: 60,
      steps: ["a", "b!", "c", "a", "b"], complexity: .complex, newPatterns: 2)
    // 3 of 4 parts
    #expect(score.base == 0.75)
    // ½(0.5 + e^(−60/120)) + ½(0.5 + e^(−5/20))
    // = ½(0.5 + 0.606530659712633) + ½(0.5 + 0.778800783071405)
    // = 0.553265329856317 + 0.639400391535702
    #expect(isClose(score.efficiency, 1.192665721392019))
    #expect(score.complexityBonus == 1.2)
    // Quality is judged of successes only.
    #expect(score.qualityMultiplier == 1)
    // 2 · 0.1 patterns + 0.1 for three tools + 0.15 for the recovery; 4 of 5 is not above 0.9
    #expect(isClose(score.learningBonus, 0.45))
    // 0.75 · 1.192665721392019 · 1.2 · 1 + 0.45 = 1.073399149252817 + 0.45
    #expect(isClose(score.total, 1.523399149252817))
  }

  @Test("A failure earns nothing, whatever it found")
  func goldenFailure() throws {
    let score = try reward(
      .failure(reason: "", details: nil), steps: ["a!", "b", "c", "d", "e", "f"], newPatterns: 3)
    #expect(score.base == 0)
    #expect(score.learningBonus == 0)
    #expect(score.total == 0)
  }

  @Test(
    "Abstaining early is worth more than abstaining late",
    arguments: [
      // 0.3 + 0.5
      (0, 0.8), (1, 0.8), (3, 0.8),
      // 0.3 + 0.5 − 0.8 · (step − 3) / 7
      (4, 0.685714285714286), (5, 0.571428571428571), (9, 0.114285714285714),
      // 0.3 − 0.3
      (10, 0), (11, 0), (.max, 0), (.min, 0.8),
    ])
  func abstained(step: Int, base: Double) throws {
    let score = try reward(.abstained(reason: "", stoppedAtStep: step, signals: []))
    #expect(isClose(score.base, base))
    // Efficiency at no time and no steps is ½ · 1.5 + ½ · 1.5.
    #expect(isClose(score.total, base * 1.5))
  }

  @Test("A partial success without parts is worth half")
  func emptyPartial() throws {
    #expect(
      try reward(.partialSuccess(verdict: "", completed: [], failed: [])).base == 0.5)
    #expect(try reward(.partialSuccess(verdict: "", completed: [], failed: ["x"])).base == 0)
    #expect(try reward(.partialSuccess(verdict: "", completed: ["x"], failed: [])).base == 1)
  }

  @Test("Efficiency stays between a half and one and a half")
  func efficiency() throws {
    #expect(try reward(success).efficiency == 1.5)
    // e^(−3600/120) and e^(−1000/20) are below 1e-12.
    let slow = try reward(
      success, seconds: 3600, steps: Array(repeating: "t", count: 1_000)
    ).efficiency
    #expect(isClose(slow, 0.5))
    // Time alone: ½(0.5 + e^(−1)) + ½ · 1.5
    #expect(isClose(try reward(success, seconds: 120).efficiency, 1.183939720585721))
    // Steps alone: ½ · 1.5 + ½(0.5 + e^(−1))
    #expect(
      isClose(
        try reward(success, steps: Array(repeating: "t", count: 20)).efficiency,
        1.183939720585721))
  }

  @Test("An episode that never ended is taken as having cost no time")
  func noEnd() throws {
    var episode = EpisodeSamples.completed(success, seconds: 500)
    episode.endTime = nil
    #expect(try #require(RewardFormula.reward(for: episode)).efficiency == 1.5)
  }

  @Test("Complexity raises the reward")
  func complexity() throws {
    #expect(try reward(success, complexity: .simple).complexityBonus == 1)
    #expect(try reward(success, complexity: .moderate).complexityBonus == 1.1)
    #expect(try reward(success, complexity: .complex).complexityBonus == 1.2)
  }

  @Test(
    "Tests among the artifacts and their number raise the quality",
    arguments: [
      ([], 1.0), (["a.py"], 1.0), (["tests/test_a.py"], 1.1), (["Coverage.xml"], 1.1),
      (["a", "b"], 1.0), (["a", "b", "c"], 1.05), (["a", "b", "a_test.go"], 1.15),
    ])
  func artifacts(artifacts: [String], quality: Double) throws {
    let score = try reward(.success(verdict: "", artifacts: artifacts))
    #expect(isClose(score.qualityMultiplier, quality))
  }

  @Test(
    "Errors lower the quality by their share of the steps",
    arguments: [
      // failed of all, quality
      (0, 4, 1.1), (1, 10, 1.0), (1, 9, 0.9), (3, 10, 0.9), (4, 10, 0.8), (10, 10, 0.8),
    ])
  func errors(failed: Int, count: Int, quality: Double) throws {
    let steps = (0..<count).map { $0 < failed ? "t!" : "t" }
    #expect(isClose(try reward(success, steps: steps).qualityMultiplier, quality))
  }

  @Test(
    "Learning is what was new, varied, sure or recovered, up to a half",
    arguments: [
      ([String](), 0, 0.0), ([], 1, 0.1), ([], 3, 0.3), ([], 9, 0.3), ([], -1, 0.0),
      // Three tools or more
      (["a", "b", "c"], 0, 0.1), (["a", "b"], 0, 0.0), (["a", "a", "b"], 0, 0.0),
      // Five tools (0.15) and sure over five steps (0.2)
      (["a", "b", "c", "d", "e"], 0, 0.35),
      // Sure over five steps, but not over four; 9 of 10 is not above 0.9
      (["a", "a", "a", "a", "a"], 0, 0.2), (["a", "a", "a", "a"], 0, 0.0),
      (["a!", "a!"] + Array(repeating: "a", count: 8), 0, 0.15),
      (Array(repeating: "a", count: 9) + ["a!"], 0, 0.0),
      // Recovered directly, or not at all
      (["a!", "a"], 0, 0.15), (["a", "a!"], 0, 0.0), (["a!", "a", "b!", "b"], 0, 0.15),
      // 0.3 + 0.15 + 0.2 is more than a half
      (["a", "b", "c", "d", "e"], 3, 0.5),
    ])
  func learning(steps: [String], newPatterns: Int, bonus: Double) throws {
    let score = try reward(success, steps: steps, newPatterns: newPatterns)
    #expect(isClose(score.learningBonus, bonus))
  }

  @Test("Steps without a result or timed out count as failed")
  func noResult() throws {
    var episode = EpisodeSamples.completed(success, steps: EpisodeSamples.steps(["a", "a", "a"]))
    episode.steps[0].result = nil
    episode.steps[1].result = .timeout
    let score = try #require(RewardFormula.reward(for: episode))
    // 2 of 3 failed; the third recovers the second.
    #expect(isClose(score.qualityMultiplier, 0.8))
    #expect(isClose(score.learningBonus, 0.15))
  }

  @Test("The same episode has the same reward every time")
  func deterministic() {
    let first = RewardFormula.reward(for: EpisodeSamples.full)
    for _ in 0..<100 { #expect(RewardFormula.reward(for: EpisodeSamples.full) == first) }
  }
}
