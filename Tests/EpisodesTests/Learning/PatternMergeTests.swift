import Testing

@testable import Episodes

/// Similarity and merging, worked out by hand.
struct PatternMergeTests {
  private let web = TaskContext(domain: "web", language: "swift")

  private func tools(_ text: String) -> PatternKind {
    .toolSequence(tools: text.split(separator: " ").map(String.init), averageLatency: 0)
  }

  private func close(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-12 }

  @Test("Sequences are as similar as 0.7 of their tools and 0.3 of their context")
  func sequences() {
    // One of five tools differs: 0.7 · 0.8 + 0.3 · 1.
    #expect(
      close(
        PatternSimilarity.similarity(tools("a b c d e"), in: web, tools("a b x d e"), in: web), 0.86
      ))
    // Other language, same domain and tags: 0.7 + 0.3 · 0.7.
    #expect(
      close(
        PatternSimilarity.similarity(
          tools("a b"), in: web, tools("a b"), in: TaskContext(domain: "web", language: "go")), 0.91
      ))
    #expect(
      close(PatternSimilarity.editSimilarity(["a", "b", "c"], ["b", "c", "d"]), 1 - 2.0 / 3))
  }

  @Test("Decisions and recoveries are as similar as 0.4, 0.4 and 0.2 of their parts")
  func decisions() {
    let counts = OutcomeStatistics()
    // Without "the" conditions share 2 of 4 words, and without "it" actions none; contexts all: 0.4 / 2 + 0.2.
    let similarity = PatternSimilarity.similarity(
      .decisionPoint(condition: "check the port 80", action: "open it", outcomeStatistics: counts),
      in: web,
      .decisionPoint(
        condition: "check the door 8080", action: "close it", outcomeStatistics: counts),
      in: web)
    #expect(close(similarity, 0.4 * 0.5 + 0.2))
    // Same error, steps share 1 of 3 words, other domain and no language on both sides.
    let recovery = PatternSimilarity.similarity(
      .errorRecovery(errorType: "timeout", recoverySteps: ["wait a while"]),
      in: TaskContext(domain: "ci"),
      .errorRecovery(errorType: "timeout", recoverySteps: ["wait a minute"]),
      in: TaskContext(domain: "web"))
    #expect(close(recovery, 0.4 + 0.4 / 3 + 0.2 * 0.6))
  }

  @Test("Contexts are as similar as 0.4 domain, 0.3 language and 0.3 tags")
  func contexts() throws {
    let first = TaskContext(
      domain: "web", language: "swift", tags: [try Tag("aa"), try Tag("bb"), try Tag("cc")])
    let second = TaskContext(domain: "web", tags: [try Tag("bb"), try Tag("cc"), try Tag("dd")])
    #expect(close(PatternSimilarity.similarity(first, second), 0.4 + 0.3 * 0.5))
    #expect(PatternSimilarity.similarity(first, first) == 1)
  }

  @Test("A merge adds counts, weighs rates and latency by them, and unites evidence")
  func merging() {
    let start = LearningSamples.start
    let pattern = Pattern(
      id: "p", kind: .toolSequence(tools: ["a", "b"], averageLatency: 2), context: web,
      successRate: 1, occurrenceCount: 3, evidence: ["e1", "e2", "e3"], createdAt: start,
      updatedAt: start)
    let merged = PatternMerge.merge(
      PatternObservation(
        namespace: "default", kind: .toolSequence(tools: ["a", "b"], averageLatency: 6),
        context: web, successRate: 0, episodeID: "e4", time: LearningSamples.end),
      into: pattern)
    #expect(merged.occurrenceCount == 4)
    #expect(merged.successRate == 0.75)
    #expect(merged.kind == .toolSequence(tools: ["a", "b"], averageLatency: 3))
    #expect(merged.evidence == ["e1", "e2", "e3", "e4"])
    #expect(merged.createdAt == start && merged.updatedAt == LearningSamples.end)
  }

  @Test("Counts of a decision add, and evidence is bounded while the count goes on")
  func decisionCounts() {
    let steps = LearningSamples.steps([
      ("http", "check the service", .success(output: "")),
      ("shell", "restart", .success(output: "")),
    ])
    let (known, _) = LearningSamples.learn(
      (1...1000).map { LearningSamples.episode("e\($0)", steps: steps) })
    #expect(known.patterns.count == 3)
    for pattern in known.patterns.values {
      #expect(pattern.occurrenceCount == 1000)
      #expect(pattern.successRate == 1)
      #expect(pattern.evidence == (745...1000).map { "e\($0)" })
      if case .decisionPoint(_, _, let counts) = pattern.kind {
        #expect(counts == OutcomeStatistics(successCount: 1000, failureCount: 0))
      }
    }
  }

  @Test("Only the first episode that shows a pattern has found something new")
  func novelty() {
    let steps = LearningSamples.steps("a b c")
    let (_, lessons) = LearningSamples.learn([
      LearningSamples.episode("e1", steps: steps), LearningSamples.episode("e2", steps: steps),
    ])
    #expect(lessons.map(\.newPatternCount) == [2, 0])
    #expect(lessons[0].patternIDs == lessons[1].patternIDs)
  }

  @Test("What two sequences share is a pattern of its own, seen in the episodes of both")
  func commonRuns() throws {
    let (known, lessons) = LearningSamples.learn([
      LearningSamples.episode("e1", steps: LearningSamples.steps("a b c d x y z")),
      LearningSamples.episode("e2", steps: LearningSamples.steps("u v a b c d w")),
      LearningSamples.episode("e3", steps: LearningSamples.steps("k l m a b c d")),
    ])
    let common = try #require(
      known.patterns.values.first { $0.kind.summary == "a → b → c → d" })
    #expect(common.occurrenceCount == 3)
    #expect(common.evidence == ["e1", "e2", "e3"])
    #expect(lessons[1].earlierEvidence == [common.id: ["e1"]])
    #expect(lessons[2].patternIDs.contains(common.id))
    #expect(lessons[2].earlierEvidence.isEmpty)
  }

  @Test("Nothing is learned across namespaces")
  func namespaces() {
    let steps = LearningSamples.steps("a b c")
    let (known, _) = LearningSamples.learn([
      LearningSamples.episode("e1", namespace: "one", steps: steps),
      LearningSamples.episode("e2", namespace: "two", steps: steps),
    ])
    #expect(known.patterns.count == 4)
    #expect(known.patterns.values.allSatisfy { $0.occurrenceCount == 1 })
  }

  @Test("No two patterns that may be merged are without a common key")
  func keys() throws {
    var generator = SplitMix(state: 7)
    let words = ["check", "the", "port", "whether", "service", "db", "log", "of", "if", "queue"]
    var merged = 0
    for _ in 0..<20_000 {
      func sequence(_ base: [String]) -> [String] {
        var list = base
        for _ in 0..<Int(generator.next() % 4) where !list.isEmpty {
          let place = Int(generator.next() % UInt64(list.count))
          switch generator.next() % 3 {
          case 0: list.remove(at: place)
          case 1: list.insert(words[Int(generator.next() % 10)], at: place)
          default: list[place] = words[Int(generator.next() % 10)]
          }
        }
        return list
      }
      let base = (0..<Int(2 + generator.next() % 14)).map { _ in words[Int(generator.next() % 10)] }
      let other = sequence(base)
      guard !other.isEmpty else { continue }
      let pairs: [(PatternKind, PatternKind)] = [
        (
          .toolSequence(tools: base, averageLatency: 0),
          .toolSequence(tools: other, averageLatency: 0)
        ),
        (
          .decisionPoint(
            condition: base.joined(separator: " "), action: "x", outcomeStatistics: .init()),
          .decisionPoint(
            condition: other.joined(separator: " "), action: "x", outcomeStatistics: .init())
        ),
      ]
      for (first, second) in pairs
      where PatternSimilarity.similarity(first, in: web, second, in: web) >= 0.85 {
        merged += 1
        let keys = PatternKeys.keys(of: first, in: web)
        #expect(
          !keys.isDisjoint(with: PatternKeys.keys(of: second, in: web)), "\(first) \(second)")
      }
    }
    #expect(merged > 1000)
  }
}

/// A small deterministic source of numbers.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
