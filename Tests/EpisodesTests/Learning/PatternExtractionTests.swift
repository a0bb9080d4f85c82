import Testing

@testable import Episodes

/// What is drawn from one episode, worked out by hand.
struct PatternExtractionTests {
  private func kinds(_ episode: Episode) -> [PatternKind] {
    PatternExtraction.observations(of: episode).map(\.kind)
  }

  private func sequences(_ tools: String) -> [[String]] {
    PatternExtraction.toolSequences(
      of: LearningSamples.episode("e", steps: LearningSamples.steps(tools)), success: 1
    ).compactMap { observation in
      if case .toolSequence(let tools, _) = observation.kind { tools } else { nil }
    }
  }

  @Test("A stretch keeps its successful tools while seven of ten steps succeed")
  func stretches() {
    #expect(sequences("a b c d e f g") == [["a", "b", "c", "d", "e", "f", "g"]])
    // 3 of 4 succeed: one stretch, without the tool that failed.
    #expect(sequences("a b !x c") == [["a", "b", "c"]])
    // 4 of 6 are too few together; 2 of 2 at each end are not.
    #expect(sequences("a b !x !x c d") == [["a", "b"], ["c", "d"]])
    // 7 of 10 are enough, 6 of 9 are not: the longest stretch with enough is the first four and no more.
    #expect(sequences("a b c d !x !x !x e f g") == [["a", "b", "c", "d", "e", "f", "g"]])
    #expect(sequences("a a b !x") == [["a", "b"]])
    #expect(sequences("a !x a") == [])
    #expect(sequences("a a a") == [])
  }

  @Test("More tools than one sequence takes become several sequences")
  func longRuns() {
    let tools = (0..<120).map { "t\($0)" }
    let found = sequences(tools.joined(separator: " "))
    #expect(found.map(\.count) == [50, 50, 20])
    #expect(found.flatMap { $0 } == tools)
  }

  @Test("A decision is a step that checks and the step after it, with its real counts")
  func decisions() {
    let ok = StepResult.success(output: "")
    let steps = LearningSamples.steps([
      ("http", "check whether the service answers", ok),
      ("shell", "restart the service", ok),
      ("http", "check whether the service answers", ok),
      ("shell", "restart the service", .error(message: "refused")),
      ("grep", "find the log", ok),
    ])
    let observations = PatternExtraction.decisionPoints(
      of: LearningSamples.episode("e", steps: steps))
    #expect(observations.count == 1)
    #expect(
      observations.first?.kind
        == .decisionPoint(
          condition: "check whether the service answers", action: "shell: restart the service",
          outcomeStatistics: OutcomeStatistics(successCount: 1, failureCount: 1)))
    #expect(observations.first?.successRate == 0.5)
  }

  @Test("A check that nothing follows decides nothing")
  func lastCheck() {
    let steps = LearningSamples.steps([("http", "verify the page", .success(output: ""))])
    #expect(
      PatternExtraction.decisionPoints(of: LearningSamples.episode("e", steps: steps)).isEmpty)
  }

  @Test("A recovery reaches from an error to the success of the tool that failed")
  func recoveries() {
    let ok = StepResult.success(output: "")
    let steps = LearningSamples.steps([
      ("pytest", "run", .error(message: "ModuleNotFoundError: no module named jwt")),
      ("pip", "install jwt", ok), ("pytest", "run", ok),
      ("curl", "get", .timeout), ("sleep", "wait", ok), ("edit", "more", ok),
    ])
    #expect(
      kinds(LearningSamples.episode("e", steps: steps)).filter { $0.name == .errorRecovery } == [
        .errorRecovery(
          errorType: "ModuleNotFoundError: no module named jwt",
          recoverySteps: ["pip: install jwt", "pytest: run"]),
        .errorRecovery(errorType: "timeout", recoverySteps: ["sleep: wait"]),
      ])
  }

  @Test("An error that nothing follows is no recovery")
  func noRecovery() {
    #expect(PatternExtraction.recoveries(in: LearningSamples.steps("a !b")).isEmpty)
    #expect(PatternExtraction.recoveries(in: LearningSamples.steps("!a !b !c")).isEmpty)
  }

  @Test(
    "Errors are told apart by the exception, by words, or by how they begin",
    arguments: [
      (StepResult.error(message: "TypeError: x is undefined"), "TypeError"),
      (.error(message: "java.lang.NullPointerException at"), "NullPointerException"),
      (.error(message: "bash: foo: No such file or directory"), "notFound"),
      (.error(message: "Request timed out after 30 s"), "timeout"),
      (.error(message: "dial tcp 10.0.0.1:80: connection refused"), "connection"),
      (.error(message: "Exit 3 because the moon is full"), "exit because the moon"),
      (.error(message: ""), "error"),
      (.timeout, "timeout"),
    ])
  func classes(result: StepResult, name: String) {
    #expect(ErrorClass.name(of: result) == name)
  }

  @Test("A context pattern says which tools worked where")
  func contexts() {
    let episode = LearningSamples.episode("e", steps: LearningSamples.steps("a !x b c"))
    #expect(
      kinds(episode).last
        == .contextPattern(
          features: ["domain:web", "language:swift", "complexity:moderate"],
          recommendedApproach: "a → b → c"))
  }

  @Test(
    "Nothing is drawn from an episode that has not ended, was abstained, or has no context and steps"
  )
  func nothing() {
    let steps = LearningSamples.steps("a b c")
    #expect(kinds(LearningSamples.episode("e", steps: steps, outcome: nil)).isEmpty)
    let abstained = TaskOutcome.abstained(reason: "no", stoppedAtStep: 2, signals: [])
    #expect(kinds(LearningSamples.episode("e", steps: steps, outcome: abstained)).isEmpty)
    #expect(
      kinds(LearningSamples.episode("e", domain: "general", language: nil, steps: [])).isEmpty)
  }

  @Test("The success of an occurrence is that of its episode")
  func success() {
    let partial = TaskOutcome.partialSuccess(
      verdict: "", completed: ["a"], failed: ["b", "c", "d"])
    let observations = PatternExtraction.observations(
      of: LearningSamples.episode("e", steps: LearningSamples.steps("a b"), outcome: partial))
    #expect(observations.map(\.successRate) == [0.25, 0.25])
    let failure = TaskOutcome.failure(reason: "no", details: nil)
    let failed = PatternExtraction.observations(
      of: LearningSamples.episode("e", steps: LearningSamples.steps("a b"), outcome: failure))
    #expect(failed.map(\.successRate) == [0, 0])
    #expect(failed.map(\.startsPattern) == [true, false])
  }
}
