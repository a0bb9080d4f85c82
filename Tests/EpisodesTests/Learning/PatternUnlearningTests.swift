import Episodes
import Testing

@Suite("Unlearning")
struct PatternUnlearningTests {
  private func learned(_ episodes: [Episode]) -> Pattern {
    let (known, _) = LearningSamples.learn(episodes)
    return known.patterns.values.first { $0.kind.name == .toolSequence }!
  }

  private func episode(_ id: String, _ tools: String, fails: Bool = false) -> Episode {
    LearningSamples.episode(
      id, steps: LearningSamples.steps(tools),
      outcome: fails ? .failure(reason: "no", details: nil) : LearningSamples.success)
  }

  @Test("An episode is taken off the rate and the words that only it said are replaced")
  func words() {
    let episodes = [
      episode("a", "grep edit build run secret check2 ship", fails: true),
      episode("b", "grep edit build run tool check2 ship"),
      episode("c", "grep edit build run tool check2 ship"),
    ]
    let pattern = learned(episodes)
    #expect(pattern.occurrenceCount == 3 && abs(pattern.successRate - 2.0 / 3) < 1e-12)
    let rest = PatternUnlearning.pattern(
      pattern, without: [episodes[0]], count: 2, evidence: ["b", "c"],
      sample: Array(episodes[1...]))
    #expect(rest?.successRate == 1)
    #expect(rest?.evidence == ["b", "c"])
    #expect(rest?.kind.summary.contains("secret") == false)
    let other = PatternUnlearning.pattern(
      pattern, without: [episodes[2]], count: 2, evidence: ["a", "b"],
      sample: Array(episodes[..<2]))
    #expect(other?.kind == pattern.kind)
    #expect(other?.successRate == 0.5)
  }

  @Test("Nothing is left of a pattern that no other episode shows")
  func nothing() {
    let first = episode("a", "grep edit build")
    let pattern = learned([first])
    #expect(
      PatternUnlearning.pattern(pattern, without: [first], count: 0, evidence: [], sample: [])
        == nil)
    let stranger = episode("z", "sleep wake")
    #expect(
      PatternUnlearning.pattern(
        pattern, without: [first], count: 1, evidence: ["z"], sample: [stranger]) == nil)
  }

  @Test("Two patterns become one with the counts, means and uses of both")
  func merged() {
    var first = learned([episode("a", "grep edit build"), episode("b", "grep edit build")])
    var second = learned([episode("c", "grep edit build", fails: true)])
    first.effectiveness = PatternEffectiveness(
      timesRetrieved: 2, timesApplied: 1, successWhenApplied: 1, averageRewardDelta: 0.4)
    second.effectiveness = PatternEffectiveness(
      timesRetrieved: 1, timesApplied: 3, failureWhenApplied: 3, averageRewardDelta: -0.4,
      lastUsed: LearningSamples.end)
    let merged = PatternMerge.merge(second, into: first)
    #expect(merged.occurrenceCount == 3 && merged.evidence == ["a", "b", "c"])
    #expect(abs(merged.successRate - 2.0 / 3) < 1e-12)
    #expect(merged.effectiveness.timesApplied == 4 && merged.effectiveness.timesRetrieved == 3)
    #expect(abs(merged.effectiveness.averageRewardDelta + 0.2) < 1e-12)
    #expect(merged.effectiveness.lastUsed == LearningSamples.end)
    // What both name counts once.
    #expect(PatternMerge.merge(first, into: first).occurrenceCount == 2)
  }
}
