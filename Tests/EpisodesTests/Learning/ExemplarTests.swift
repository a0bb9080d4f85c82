import Testing

@testable import Episodes

@Suite("The exemplar of a playbook")
struct ExemplarTests {
  private func episode(_ id: String, reward: Double, patternIDs: [String] = []) -> Episode {
    var episode = LearningSamples.episode(id, steps: LearningSamples.steps("a b"))
    episode.patternIDs = patternIDs
    episode.reward = RewardScore(
      total: reward, base: 1, efficiency: 1, complexityBonus: 1, qualityMultiplier: 1,
      learningBonus: 0)
    return episode
  }

  @Test("The likest task comes before what shows more patterns or earned more; then those decide")
  func order() {
    let pattern = Pattern(
      id: "p", kind: .toolSequence(tools: ["a", "b"], averageLatency: 0), context: TaskContext(),
      successRate: 1, occurrenceCount: 1, evidence: [], createdAt: LearningSamples.end,
      updatedAt: LearningSamples.end)
    let ranked = RankedPattern(
      pattern: pattern,
      score: PatternScore(
        of: pattern, likeness: 0.5, context: nil, weights: .recommend, at: LearningSamples.end))
    let episodes = [
      episode("same", reward: 0.5), episode("far", reward: 2, patternIDs: ["p"]),
      episode("near", reward: 1),
    ]
    func exemplar(_ likeness: [String: Double]) -> String? {
      PlaybookSynthesis.exemplar(among: episodes, patterns: [ranked], likeness: likeness)?.id
    }
    #expect(exemplar(["same": 0.95, "far": 0.3, "near": 0.8]) == "same")
    // As like as one another: the better rewarded.
    #expect(exemplar(["same": 0.95, "far": 0.3, "near": 0.92]) == "near")
    #expect(exemplar(["same": 0.95, "far": 0.94, "near": 0.92]) == "far")
    #expect(exemplar([:]) == "far")
  }
}
