/// What a completed episode teaches, by rules over its steps and outcome; the same episode always gives the
/// same reflection (source: the domain rules of the project).
///
/// Each list holds at most ``entriesMax`` entries, in the order of the rules.
public enum ReflectionRules {
  public static let entriesMax = 5
  /// A step that takes more than half of the time is slow, if that is at least so many seconds.
  static let slowSecondsMin = 10.0
  /// A step that is done so many times is repeated.
  static let repetitionsMin = 3

  /// The reflection on `episode`, or nil while it has no outcome.
  ///
  /// - Complexity: linear in the number of steps.
  public static func reflection(on episode: Episode, at time: Timestamp) -> Reflection? {
    guard let outcome = episode.outcome else { return nil }
    return Reflection(
      successes: Array(successes(of: episode, outcome).prefix(entriesMax)),
      improvements: Array(improvements(of: episode, outcome).prefix(entriesMax)),
      insights: Array(insights(of: episode, outcome).prefix(entriesMax)), generatedAt: time)
  }

  private static func successes(of episode: Episode, _ outcome: TaskOutcome) -> [String] {
    var entries: [String] = []
    switch outcome {
    case .success(let verdict, _): entries.append("done: \(ShortText.line(verdict))")
    case .partialSuccess(_, let completed, let failed) where !completed.isEmpty:
      entries.append(
        "\(completed.count) of \(completed.count + failed.count) parts done: "
          + ShortText.line(completed.joined(separator: ", ")))
    default: break
    }
    let steps = episode.steps
    let succeeded = steps.count(where: \.succeeded)
    if !steps.isEmpty, succeeded == steps.count {
      entries.append(
        steps.count == 1 ? "the only step succeeded" : "all \(steps.count) steps succeeded")
    } else if succeeded > 0, succeeded * 10 >= steps.count * 7 {
      entries.append("\(succeeded) of \(steps.count) steps succeeded")
    }
    for recovery in PatternExtraction.recoveries(in: steps).prefix(2) {
      entries.append("recovered from \(recovery.error.shown) in step \(recovery.failed.number)")
    }
    if case .success(_, let artifacts) = outcome,
      let proof = artifacts.first(where: isTest)
    {
      entries.append("proved by \(ShortText.line(proof, countMax: 100))")
    }
    return entries
  }

  private static func improvements(of episode: Episode, _ outcome: TaskOutcome) -> [String] {
    var entries: [String] = []
    switch outcome {
    case .success: break
    case .partialSuccess(_, _, let failed):
      if !failed.isEmpty {
        entries.append("left undone: \(ShortText.line(failed.joined(separator: ", ")))")
      }
    case .failure(let reason, _): entries.append("failed: \(ShortText.line(reason))")
    case .abstained(let reason, let step, _):
      entries.append("stopped at step \(step): \(ShortText.line(reason))")
    }
    let steps = episode.steps
    for (tool, uses) in usesByTool(of: steps) where uses.failed >= 2 {
      entries.append("\(tool) failed \(uses.failed) of \(uses.count) times")
    }
    let total = steps.reduce(0) { $0 + $1.latency }
    if steps.count > 1, let slowest = steps.max(by: { $0.latency < $1.latency }),
      slowest.latency >= slowSecondsMin, slowest.latency * 2 > total
    {
      entries.append(
        "step \(slowest.number) took \(Int((slowest.latency / total * 100).rounded())) % of the time: "
          + ShortText.step(slowest))
    }
    for (text, count) in repeatedSteps(of: steps) {
      entries.append("done \(count) times: \(text)")
    }
    if case .success(_, let artifacts) = outcome, steps.count >= 3,
      !artifacts.contains(where: isTest), !steps.contains(where: PatternExtraction.isDecision),
      !steps.contains(where: { isTest($0.tool) || isTest($0.action) })
    {
      entries.append("nothing checked the result")
    }
    return entries
  }

  private static func insights(of episode: Episode, _ outcome: TaskOutcome) -> [String] {
    var entries: [String] = []
    for recovery in PatternExtraction.recoveries(in: episode.steps).prefix(2) {
      entries.append(
        "\(recovery.error.shown) was overcome by "
          + recovery.steps.map(ShortText.step).joined(separator: ", then "))
    }
    for observation in PatternExtraction.decisionPoints(of: episode) {
      guard case .decisionPoint(let condition, let action, let counts) = observation.kind else {
        continue
      }
      entries.append(
        "\(condition): \(action) "
          + (counts.successCount >= counts.failureCount ? "worked" : "did not work"))
      if entries.count == 4 { break }
    }
    if case .abstained(_, _, let signals) = outcome, !signals.isEmpty {
      entries.append("signals to stop: \(ShortText.line(signals.joined(separator: ", ")))")
    }
    if let success = PatternExtraction.success(of: outcome), success >= 0.5 {
      let sequences = PatternExtraction.toolSequences(of: episode, success: success)
      if case .toolSequence(let tools, _)? = sequences.first?.kind {
        entries.append("worked: \(ShortText.line(tools.joined(separator: " → ")))")
      }
    }
    return entries
  }

  static func isTest(_ text: String) -> Bool {
    let lower = text.lowercased()
    return lower.contains("test") || lower.contains("coverage")
  }

  /// Uses and failures of each tool, in the order of their first use.
  static func usesByTool(
    of steps: [ExecutionStep]
  ) -> [(tool: String, uses: (count: Int, failed: Int))] {
    var order: [String] = []
    var uses: [String: (count: Int, failed: Int)] = [:]
    for step in steps where !step.tool.isEmpty {
      if uses[step.tool] == nil { order.append(step.tool) }
      let known = uses[step.tool] ?? (0, 0)
      uses[step.tool] = (known.count + 1, known.failed + (step.succeeded ? 0 : 1))
    }
    return order.map { ($0, uses[$0] ?? (0, 0)) }
  }

  private static func repeatedSteps(of steps: [ExecutionStep]) -> [(text: String, count: Int)] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for step in steps {
      let text = ShortText.step(step)
      guard !text.isEmpty else { continue }
      if counts[text] == nil { order.append(text) }
      counts[text, default: 0] += 1
    }
    return order.compactMap { text in
      counts[text].flatMap { $0 >= repetitionsMin ? (text, $0) : nil }
    }
  }
}
