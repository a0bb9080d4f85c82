extension HandoffPack {
  private static let nextStepsMax = 5
  private static let factsMax = 12
  /// Of steps, and of what worked and failed, the latest: an episode may have a thousand steps.
  private static let linesMax = 50
  private static let textCharactersMax = 300

  /// Gathers what the next agent needs from an episode: what was done, what of it worked, what failed and was
  /// not put right since, and what follows from that.
  ///
  /// The next steps come from rules, the most pressing first: what failed last, parts of the task that were not
  /// done, the note of the latest checkpoint, what usually comes next in a known sequence of tools, what a
  /// heuristic advises, and what the reflection would do better.
  ///
  /// - Parameters:
  ///   - episode: finished or not.
  ///   - patterns: relevant ones, the best first.
  ///   - heuristics: relevant ones, the best first.
  public init(of episode: Episode, patterns: [Pattern] = [], heuristics: [Heuristic] = []) {
    let failed = Self.openFailures(of: episode)
    self.init(
      goal: episode.taskDescription,
      stepsDone: Self.latest(episode.steps.map { "\($0.number). \(Self.title(of: $0))" }),
      whatWorked: Self.latest(Self.worked(in: episode)),
      whatFailed: Self.latest(failed.map(Self.failure) + Self.failures(in: episode.outcome)),
      salientFacts: Self.facts(of: episode),
      nextSteps: Array(
        Self.nextSteps(of: episode, failed: failed, patterns: patterns, heuristics: heuristics)
          .prefix(Self.nextStepsMax)),
      patterns: patterns, heuristics: heuristics)
  }

  private static func title(of step: ExecutionStep) -> String {
    short(step.tool.isEmpty ? step.action : "\(step.tool): \(step.action)")
  }

  private static func latest(_ lines: [String]) -> [String] {
    if lines.count <= linesMax { return lines }
    return ["… \(lines.count - linesMax + 1) before"] + lines.suffix(linesMax - 1)
  }

  private static func short(_ text: String) -> String {
    text.count > textCharactersMax ? text.prefix(textCharactersMax - 1) + "…" : text
  }

  private static func worked(in episode: Episode) -> [String] {
    var worked: [String] = []
    for step in episode.steps {
      guard case .success(let output) = step.result else { continue }
      worked.append(output.isEmpty ? title(of: step) : "\(title(of: step)) → \(short(output))")
    }
    switch episode.outcome {
    case .success(let verdict, _): worked.append(short(verdict))
    case .partialSuccess(_, let completed, _): worked += completed.map(short)
    default: break
    }
    return worked
  }

  /// Steps that failed, and that no later step with the same tool and action made good. One without a result is
  /// one of them: what was under way in a crash leaves such.
  private static func openFailures(of episode: Episode) -> [ExecutionStep] {
    episode.steps.enumerated().filter { index, step in
      if case .success = step.result { return false }
      return !episode.steps[(index + 1)...].contains { later in
        guard case .success = later.result else { return false }
        return later.tool == step.tool && later.action == step.action
      }
    }.map(\.element)
  }

  private static func failure(_ step: ExecutionStep) -> String {
    if case .error(let message) = step.result { return "\(title(of: step)) → \(short(message))" }
    return "\(title(of: step)) → \(step.result == nil ? "no result" : "timed out")"
  }

  private static func failures(in outcome: TaskOutcome?) -> [String] {
    switch outcome {
    case .partialSuccess(_, _, let failed): failed.map(short)
    case .failure(let reason, let details):
      [short(details.map { "\(reason): \($0)" } ?? reason)]
    case .abstained(let reason, _, _): [short(reason)]
    case .success, nil: []
    }
  }

  private static func facts(of episode: Episode) -> [String] {
    var facts = (episode.salientFeatures ?? []).map(short)
    facts += episode.reflection?.insights.map(short) ?? []
    for checkpoint in episode.checkpoints {
      guard let note = checkpoint.note, !note.isEmpty else { continue }
      facts.append("\(checkpoint.label): \(short(note))")
    }
    for (key, value) in episode.metadata.sorted(by: { $0.key < $1.key }) {
      facts.append("\(key) = \(short(value))")
    }
    if case .success(_, let artifacts) = episode.outcome {
      facts += artifacts.map { "made \(short($0))" }
    }
    return Array(facts.prefix(factsMax))
  }

  private static func nextSteps(
    of episode: Episode, failed: [ExecutionStep], patterns: [Pattern], heuristics: [Heuristic]
  ) -> [String] {
    var steps: [String] = []
    func add(_ step: String) {
      if !steps.contains(step) { steps.append(step) }
    }
    if let last = episode.steps.last, failed.contains(last) {
      add(
        last.result == nil
          ? "Find out whether this was done: \(title(of: last))"
          : "Find out why this failed, and try again: \(title(of: last))")
    }
    switch episode.outcome {
    case .partialSuccess(_, _, let failed): for part in failed { add("Finish: \(short(part))") }
    case .abstained(_, _, let signals): for signal in signals { add("Clear up: \(short(signal))") }
    default: break
    }
    if let checkpoint = episode.checkpoints.last(where: { $0.note?.isEmpty == false }),
      let note = checkpoint.note
    {
      add("Go on from '\(checkpoint.label)': \(short(note))")
    }
    for pattern in patterns {
      guard let tool = nextTool(after: episode.steps, in: pattern) else { continue }
      add("Use \(tool), which usually comes next")
    }
    for heuristic in heuristics {
      add("When \(short(heuristic.condition)): \(short(heuristic.action))")
    }
    for step in failed.dropLast(failed.last == episode.steps.last ? 1 : 0) {
      add("Come back to what failed: \(title(of: step))")
    }
    for improvement in episode.reflection?.improvements ?? [] { add(short(improvement)) }
    if steps.isEmpty, !episode.isFinished {
      add(
        episode.steps.last.map { "Go on after: \(title(of: $0))" }
          ?? "Begin: \(short(episode.taskDescription))")
    }
    return steps
  }

  /// The tool that follows in a sequence whose beginning is how the steps end.
  private static func nextTool(after steps: [ExecutionStep], in pattern: Pattern) -> String? {
    guard case .toolSequence(let tools, _) = pattern.kind else { return nil }
    // As sequences are made: a tool used several times in a row counts once.
    let used = PatternExtraction.tools(of: steps)
    for count in stride(from: min(tools.count - 1, used.count), to: 0, by: -1)
    where Array(used.suffix(count)) == Array(tools.prefix(count)) {
      return tools[count]
    }
    return nil
  }
}
