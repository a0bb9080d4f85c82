internal import Engram
internal import Episodes

/// Patterns as people read them.
enum PatternText {
  static func table(_ patterns: [Pattern]) -> String {
    patterns.isEmpty ? "no pattern matches" : table(patterns, scores: nil)
  }

  static func table(_ ranked: [RankedPattern]) -> String {
    ranked.isEmpty
      ? "no pattern matches" : table(ranked.map(\.pattern), scores: ranked.map(\.score))
  }

  static func recommendation(_ recommendation: Recommendation) -> String {
    if !recommendation.patterns.isEmpty {
      return "recommendation \(recommendation.id)\n" + table(recommendation.patterns)
    }
    // Of nothing there is no feedback.
    guard let nearest = recommendation.nearest else { return "nothing is known yet" }
    return "nothing known fits this task well; --any shows what is nearest:\n"
      + wrapped(
        ["  like \(Units.fixed(nearest.score.semantic, digits: 2))  \(line(nearest.pattern))"],
        indent: 4)
  }

  /// A row of figures for each rule, and the rule below it.
  static func table(_ heuristics: [Heuristic]) -> String {
    var table = TextTable(["id", "confidence", "episodes"], right: [1, 2])
    for heuristic in heuristics {
      table.append([
        heuristic.id, Units.fixed(heuristic.confidence, digits: 2),
        Units.grouped(heuristic.evidence.count),
      ])
    }
    let rows = table.description.split(separator: "\n").map(String.init)
    let rules = heuristics.map {
      wrapped(["  \($0.condition) ⇒ \($0.action)"], indent: 4)
    }
    return (rows.prefix(2) + zip(rows.dropFirst(2), rules).flatMap { [$0, $1] })
      .joined(separator: "\n")
  }

  /// A row of figures for each pattern, and what it says on a line below, cut to the width of the terminal.
  private static func table(_ patterns: [Pattern], scores: [PatternScore]?) -> String {
    let columns = columns
    var table = TextTable(
      (scores == nil ? [] : ["score", "like"]) + ["id", "kind", "seen", "success"],
      right: scores == nil ? [2, 3] : [0, 1, 4, 5])
    for (index, pattern) in patterns.enumerated() {
      table.append(
        (scores.map {
          [
            Units.fixed($0[index].total, digits: 3), Units.fixed($0[index].semantic, digits: 2),
          ]
        } ?? []) + [
          pattern.id, pattern.kind.name.rawValue, Units.grouped(pattern.occurrenceCount),
          Units.fixed(pattern.successRate, digits: 2),
        ])
    }
    let rows = table.description.split(separator: "\n").map {
      TerminalText.truncated(String($0), columns: columns)
    }
    let summaries = patterns.map {
      TerminalText.truncated("  " + TerminalText.printable(line($0)), columns: columns)
    }
    return (rows.prefix(2) + zip(rows.dropFirst(2), summaries).flatMap { [$0, $1] })
      .joined(separator: "\n")
  }

  /// The width of the terminal; where there is none, such as in a file, one that cuts little.
  private static var columns: Int {
    Terminal.isOutputInteractive ? Terminal.columns : columnsElsewhere
  }

  private static let columnsElsewhere = 160

  /// Lines that begin with a name or a mark of `indent` columns, broken to the width of the terminal.
  private static func wrapped(_ lines: [String], indent: Int) -> String {
    let columns = columns
    return lines.map {
      TerminalText.wrapped(TerminalText.printable($0), columns: columns, indent: indent)
    }.joined(separator: "\n")
  }

  /// Where a pattern is from and what it says; a context says where itself.
  private static func line(_ pattern: Pattern) -> String {
    guard case .contextPattern(_, let approach) = pattern.kind else {
      return "\(pattern.context.domain) · \(pattern.kind.summary)"
    }
    return "\(place(pattern.context)): \(approach)"
  }

  private static func times(_ count: Int) -> String {
    count == 1 ? "once" : "\(Units.grouped(count)) times"
  }

  /// Everything.
  static func full(_ pattern: Pattern) -> String {
    let use = pattern.effectiveness
    var lines = [
      "\(pattern.id)  \(pattern.kind.name.rawValue)",
      "pattern    \(pattern.kind.summary)",
      "namespace  \(pattern.namespace)",
      "context    \(place(pattern.context))",
      "seen       \(times(pattern.occurrenceCount)), success rate "
        + Units.fixed(pattern.successRate, digits: 2),
      "use        recommended \(use.timesRetrieved), applied \(use.timesApplied), helped "
        + "\(use.successWhenApplied), hindered \(use.failureWhenApplied)"
        + (use.timesApplied == 0
          ? "" : ", reward \(Units.fixed(use.averageRewardDelta, digits: 2)) above others"),
      "time       \(pattern.createdAt) to \(pattern.updatedAt)",
    ]
    switch pattern.kind {
    case .toolSequence(_, let latency):
      lines.append("latency    \(Units.duration(seconds: latency)) a step on average")
    case .decisionPoint(_, _, let counts):
      lines.append(
        "decided    \(times(counts.successCount)) well, \(times(counts.failureCount)) badly")
    case .errorRecovery, .contextPattern: break
    }
    lines += pattern.evidence.suffix(10).reversed().map { "evidence   \($0)" }
    return wrapped(lines, indent: 11)
  }

  static func explanation(_ explanation: PatternExplanation) -> String {
    var lines = [
      "\(explanation.pattern.id)  \(explanation.pattern.kind.name.rawValue)",
      explanation.pattern.kind.summary,
    ]
    lines += explanation.reasons.map { "- \($0)" }
    if !explanation.evidence.isEmpty { lines.append("episodes:") }
    for evidence in explanation.evidence {
      let reward = evidence.reward.map { ", reward " + Units.fixed($0, digits: 2) } ?? ""
      lines.append(
        "  \(evidence.id)  \(evidence.outcome?.rawValue ?? "unfinished")\(reward)  "
          + TerminalText.truncated(evidence.taskDescription, columns: 100))
    }
    return wrapped(lines, indent: 2)
  }

  static func playbook(_ playbook: Playbook) -> String {
    var lines = [
      "playbook    \(playbook.id)", "relevant    \(playbook.whyRelevant)",
      "apply       \(playbook.whenToApply)", "do not      \(playbook.whenNotTo)",
    ]
    for (index, step) in playbook.steps.enumerated() {
      let tool = step.toolHint.map { " [\($0)]" } ?? ""
      let expected = step.expected.map { " — \($0)" } ?? ""
      lines.append("step \(index + 1)      ".prefix(12) + "\(step.action)\(tool)\(expected)")
    }
    lines += playbook.pitfalls.map { "pitfall     \($0)" }
    lines.append("expected    \(playbook.expectedOutcome)")
    lines.append(
      "confidence  \(Units.fixed(playbook.confidence, digits: 2)), match "
        + Units.fixed(playbook.matchScore, digits: 2))
    return wrapped(lines, indent: 12)
  }

  private static func place(_ context: TaskContext) -> String {
    ([context.domain, context.language, context.framework, context.complexity.rawValue]
      .compactMap { $0 } + context.tags.map { "#\($0.name)" }).joined(separator: " · ")
  }
}
