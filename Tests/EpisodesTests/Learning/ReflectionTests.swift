import Testing

@testable import Episodes

/// Reflections, salient features and playbooks, worked out by hand.
struct ReflectionTests {
  private static let ok = StepResult.success(output: "")

  private static let episode: Episode = {
    var episode = LearningSamples.episode(
      "e",
      steps: LearningSamples.steps([
        ("grep", "find the timeout", .success(output: "3 matches")),
        ("pytest", "run the tests", .error(message: "AssertionError: 2 != 3")),
        ("edit", "raise the timeout", ok), ("pytest", "run the tests", ok),
        ("http", "check that the page loads", ok), ("git", "push", ok),
      ]),
      outcome: .success(verdict: "logins pass", artifacts: ["test_login.py"]))
    episode.steps[3].latency = 20
    return episode
  }()

  @Test("A reflection says what worked, what to do better and what was learned")
  func reflection() throws {
    let reflection = try #require(
      ReflectionRules.reflection(on: Self.episode, at: LearningSamples.end))
    #expect(
      reflection.successes == [
        "done: logins pass", "5 of 6 steps succeeded",
        "recovered from “AssertionError: 2 != 3” in step 2", "proved by test_login.py",
      ])
    #expect(
      reflection.improvements == ["step 4 took 80 % of the time: pytest: run the tests"])
    #expect(
      reflection.insights == [
        "“AssertionError: 2 != 3” was overcome by edit: raise the timeout, then pytest: run the tests",
        "check that the page loads: git: push worked",
        "worked: grep → edit → pytest → http → git",
      ])
    #expect(reflection.generatedAt == LearningSamples.end)
  }

  @Test("A failure says why, and which tools kept failing")
  func failure() throws {
    let episode = LearningSamples.episode(
      "e", steps: LearningSamples.steps("!a !a !a b"),
      outcome: .failure(reason: "cannot reproduce", details: nil))
    let reflection = try #require(
      ReflectionRules.reflection(on: episode, at: LearningSamples.end))
    #expect(reflection.successes == ["recovered from “boom went the thing” in step 1"])
    #expect(
      reflection.improvements == [
        "failed: cannot reproduce", "a failed 3 of 3 times", "done 3 times: a: run",
      ])
    #expect(
      ReflectionRules.reflection(
        on: LearningSamples.episode("e", steps: [], outcome: nil), at: LearningSamples.end) == nil)
  }

  @Test("An abstention says where it stopped and what warned")
  func abstention() throws {
    let episode = LearningSamples.episode(
      "e", steps: [],
      outcome: .abstained(reason: "no access", stoppedAtStep: 2, signals: ["403", "no key"]))
    let reflection = try #require(
      ReflectionRules.reflection(on: episode, at: LearningSamples.end))
    #expect(reflection.improvements == ["stopped at step 2: no access"])
    #expect(reflection.insights == ["signals to stop: 403, no key"])
    #expect(SalientFeatures.features(of: episode) == ["insight: stop on 403, no key"])
  }

  @Test("At most five entries stand in each list")
  func bound() throws {
    let tools = (0..<9).map { "!t\($0) !t\($0) !t\($0)" }.joined(separator: " ")
    let reflection = try #require(
      ReflectionRules.reflection(
        on: LearningSamples.episode("e", steps: LearningSamples.steps(tools)),
        at: LearningSamples.end))
    #expect(reflection.improvements.count == 5)
  }

  @Test("Salient features are decisions, tools, errors with their way out, and insights")
  func features() {
    #expect(
      SalientFeatures.features(of: Self.episode) == [
        "decision: check that the page loads ⇒ git: push", "tool: pytest × 2, 1 failed",
        "tool: grep", "tool: edit",
        "error: “AssertionError: 2 != 3”, fixed by edit: raise the timeout, then pytest: run the tests",
      ])
  }

  @Test("A playbook takes the steps of the best episode, and warns of what went wrong")
  func playbook() throws {
    var good = Self.episode
    good.patternIDs = ["p"]
    let failed = LearningSamples.episode(
      "f", steps: [], outcome: .failure(reason: "no database", details: nil))
    let stopped = LearningSamples.episode(
      "g", steps: [],
      outcome: .abstained(reason: "r", stoppedAtStep: 1, signals: ["production is down"]))
    let pattern = Pattern(
      id: "p", kind: .toolSequence(tools: ["grep", "edit"], averageLatency: 0),
      context: good.context, successRate: 1, occurrenceCount: 4, evidence: ["e"],
      createdAt: LearningSamples.end, updatedAt: LearningSamples.end)
    let ranked = RankedPattern(
      pattern: pattern,
      score: PatternScore(
        of: pattern, likeness: 0.5, context: nil, weights: .recommend, at: LearningSamples.end))
    let playbook = try #require(
      PlaybookSynthesis.playbook(
        for: "fix logins", context: nil, patterns: [ranked], episodes: [good, failed, stopped],
        id: "b"))
    #expect(
      playbook.steps == [
        PlaybookStep(action: "find the timeout", toolHint: "grep", expected: "3 matches"),
        PlaybookStep(action: "raise the timeout", toolHint: "edit"),
        PlaybookStep(action: "run the tests", toolHint: "pytest"),
        PlaybookStep(action: "check that the page loads", toolHint: "http"),
        PlaybookStep(action: "push", toolHint: "git"),
      ])
    #expect(
      playbook.pitfalls == [
        "if “AssertionError: 2 != 3” happens: do edit: raise the timeout, then pytest: run the tests",
        "failed before: no database",
      ])
    #expect(playbook.whenToApply == "domain web, language swift, tasks of type other")
    #expect(playbook.whenNotTo == "production is down; no database")
    #expect(playbook.expectedOutcome == "logins pass; 1 of 2 like episodes succeeded")
    #expect(playbook.supportingIDs == ["p", "e", "f", "g"])
    // The mean of W(4 of 4) = 0.51011 and W(1 of 2) = 0.09453.
    #expect(abs(playbook.confidence - 0.30232) < 1e-4)
  }

  @Test("Where nothing is known there is no playbook")
  func noPlaybook() {
    #expect(
      PlaybookSynthesis.playbook(for: "x", context: nil, patterns: [], episodes: [], id: "b")
        == nil)
  }
}
