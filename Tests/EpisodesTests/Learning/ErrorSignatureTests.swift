import Testing

@testable import Episodes

@Suite("Errors as patterns keep them")
struct ErrorSignatureTests {
  private func step(_ tool: String, _ message: String) -> ExecutionStep {
    LearningSamples.steps([(tool, "run", .error(message: message))])[0]
  }

  @Test(
    "A message is kept beside its class, and shown where people read",
    arguments: [
      ("1 failed", "pytest failed: 1 failed", "pytest failed (“1 failed”)"),
      ("AssertionError: 2 != 3", "AssertionError: 2 != 3", "“AssertionError: 2 != 3”"),
      (
        "java.lang.NullPointerException at Main",
        "NullPointerException: java.lang.NullPointerException at Main",
        "“java.lang.NullPointerException at Main”"
      ),
      (
        "\nwebkit: cookie still missing\n  at line 3", "notFound: webkit: cookie still missing",
        "notFound (“webkit: cookie still missing”)"
      ),
      (
        "iteration 17, other process: Oban",
        "iteration other process oban: "
          + "iteration 17, other process: Oban", "“iteration 17, other process: Oban”"
      ),
      ("", "pytest error", "pytest error"),
    ])
  func shown(message: String, text: String, shown: String) throws {
    let signature = try #require(ErrorSignature(of: step("pytest", message)))
    #expect(signature.text == text)
    #expect(signature.shown == shown)
    #expect(ErrorSignature(signature.text) == signature)
  }

  @Test("A long message is cut, one without end is read as far as that")
  func bounded() throws {
    let long = try #require(
      ErrorSignature(of: step("make", String(repeating: "word ", count: 100_000))))
    #expect(long.message?.count == ErrorSignature.messageMax)
    #expect(long.message?.hasSuffix("…") == true)
  }

  @Test("A class that was learned before messages were kept is read as it was")
  func earlier() {
    #expect(ErrorSignature("timeout") == ErrorSignature("timeout"))
    #expect(ErrorSignature("timeout").message == nil)
    #expect(ErrorSignature("upgrade failed ‹a› has no").name == "upgrade failed ‹a› has no")
  }

  @Test("Another number is the same class; that something failed is none for all tools")
  func classes() {
    func similarity(_ first: ExecutionStep, _ second: ExecutionStep) -> Double {
      func kind(_ step: ExecutionStep) -> PatternKind {
        .errorRecovery(
          errorType: ErrorSignature(of: step)?.text ?? "", recoverySteps: ["edit: mend"])
      }
      return PatternSimilarity.similarity(
        kind(first), in: TaskContext(), kind(second), in: TaskContext())
    }
    #expect(similarity(step("pytest", "1 failed"), step("pytest", "27 failed")) == 1)
    #expect(similarity(step("pytest", "1 failed"), step("go test", "1 failed")) < 0.85)
    #expect(similarity(step("pytest", "1 failed"), step("helm", "FAILED")) < 0.85)
    #expect(similarity(step("sh", "exit status 1"), step("make", "exit status 1")) < 0.85)
    #expect(similarity(step("a", "moon is full"), step("b", "moon is full")) == 1)
  }

  @Test("Patterns of one class share a key, whatever their messages")
  func keys() {
    func keys(_ type: String) -> Set<String> {
      PatternKeys.keys(
        of: .errorRecovery(errorType: type, recoverySteps: []), in: TaskContext())
    }
    #expect(keys("timeout") == keys("timeout: upload timed out"))
    #expect(keys("pytest failed: 1 failed") == keys("pytest failed: 2 failed"))
    #expect(keys("timeout: a").isDisjoint(with: keys("notFound: a")))
  }

  @Test("A pitfall says what may happen and what to do, and a stranger's check is no step")
  func playbook() throws {
    let exemplar = LearningSamples.episode(
      "e", domain: "web",
      steps: LearningSamples.steps([
        ("pytest", "run the tests", .error(message: "1 failed")),
        ("edit", "raise the timeout", .success(output: "")),
        ("pytest", "run the tests again", .success(output: "")),
      ]))
    func ranked(_ id: String, domain: String, _ kind: PatternKind) -> RankedPattern {
      let pattern = Pattern(
        id: id, kind: kind, context: TaskContext(domain: domain), successRate: 1,
        occurrenceCount: 1, evidence: [], createdAt: LearningSamples.end,
        updatedAt: LearningSamples.end)
      return RankedPattern(
        pattern: pattern,
        score: PatternScore(
          of: pattern, likeness: 0.5, context: nil, weights: .recommend, at: LearningSamples.end))
    }
    func check(_ words: String) -> PatternKind {
      .decisionPoint(
        condition: "check \(words)", action: "go on",
        outcomeStatistics: OutcomeStatistics(successCount: 1, failureCount: 0))
    }
    let playbook = try #require(
      PlaybookSynthesis.playbook(
        for: "fix logins", context: nil,
        patterns: [
          ranked("a", domain: "web", check("the page")),
          ranked("b", domain: "finance", check("the bank data")),
          ranked(
            "c", domain: "web",
            .errorRecovery(errorType: "timeout: ‹cart› timed out", recoverySteps: ["sleep: wait"])
          ),
        ], episodes: [exemplar], id: "x"))
    #expect(
      playbook.steps.map(\.action) == [
        "raise the timeout", "check the page", "run the tests again",
      ]
    )
    #expect(
      playbook.pitfalls == [
        "if timeout (“cart timed out”) happens: do sleep: wait",
        "if pytest failed (“1 failed”) happens: do edit: raise the timeout, then pytest: "
          + "run the tests again",
      ])
  }
}
