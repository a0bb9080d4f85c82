/// Makes a playbook of what past episodes showed, by rules.
///
/// - Steps come from the exemplar: of the episodes that succeeded those most like the task, of these the one that
///   shows most of the patterns, then the best rewarded. Where there is none, from the tools of the best sequence.
/// - Decisions that patterns know and the exemplar lacks come before the steps they decide about: the last.
/// - Decisions are those of the exemplar's domain.
/// - Pitfalls are errors that patterns know a way out of, with that, and how like episodes failed.
public enum PlaybookSynthesis {
  public static let stepsMax = 12
  public static let pitfallsMax = 6
  /// Episodes that are less like the task than the likest by no more than this are as like it: embeddings do not
  /// tell them apart better.
  static let likenessMargin = 0.05

  /// The playbook for a task; nil when nothing is known that helps.
  ///
  /// - Parameters:
  ///   - task: what is to be done, in words.
  ///   - patterns: those recommended for the task, best first.
  ///   - episodes: those behind the patterns and like the task, each once.
  ///   - likeness: the similarity of the episodes to the task, by their ids; 0 where it is missing.
  ///   - id: of the playbook.
  public static func playbook(
    for task: String, context: TaskContext?, patterns: [RankedPattern], episodes: [Episode],
    likeness: [String: Double] = [:], id: String
  ) -> Playbook? {
    let exemplar = exemplar(among: episodes, patterns: patterns, likeness: likeness)
    let steps = steps(exemplar: exemplar, patterns: patterns)
    guard !steps.isEmpty else { return nil }
    let confidence = confidence(of: patterns, episodes: episodes)
    let ended = episodes.compactMap { $0.outcome.flatMap(PatternExtraction.success) }
    var why: [String] = []
    if !patterns.isEmpty {
      let count = patterns.map(\.pattern.occurrenceCount).max() ?? 0
      why.append(
        "\(counted(patterns.count, "pattern")), the most frequent seen in \(counted(count, "episode"))"
      )
    }
    if let exemplar {
      why.append("like “\(ShortText.line(exemplar.taskDescription, countMax: 100))”")
    }
    return Playbook(
      id: id, matchScore: patterns.first?.score.total ?? 0,
      whyRelevant: why.joined(separator: "; "),
      whenToApply: whenToApply(patterns: patterns, episodes: episodes),
      whenNotTo: whenNotTo(patterns: patterns, episodes: episodes), steps: steps,
      pitfalls: pitfalls(patterns: patterns, episodes: episodes),
      expectedOutcome: expectedOutcome(exemplar: exemplar, successes: ended),
      confidence: confidence,
      supportingIDs: patterns.map(\.pattern.id) + episodes.map(\.id))
  }

  static func exemplar(
    among episodes: [Episode], patterns: [RankedPattern], likeness: [String: Double]
  ) -> Episode? {
    let wanted = Set(patterns.map(\.pattern.id))
    // Of equals the lower id, so that the same memory gives the same playbook.
    func isLess(_ left: Episode, _ right: Episode) -> Bool {
      let (first, second) = (rank(left), rank(right))
      return (first.shown, first.reward, right.id) < (second.shown, second.reward, left.id)
    }
    func rank(_ episode: Episode) -> (shown: Int, reward: Double) {
      (episode.patternIDs.count(where: wanted.contains), episode.reward?.total ?? 0)
    }
    let successes = episodes.filter {
      $0.outcome?.kind == .success && $0.steps.contains(where: \.succeeded)
    }
    // However well another task went, its steps are not this one's.
    func like(_ episode: Episode) -> Double { likeness[episode.id] ?? 0 }
    let likest = successes.map(like).max() ?? 0
    return successes.filter { like($0) >= likest - likenessMargin }.max(by: isLess)
  }

  private static func steps(
    exemplar: Episode?, patterns: [RankedPattern]
  ) -> [PlaybookStep] {
    var steps: [PlaybookStep] = []
    if let exemplar {
      for step in exemplar.steps where step.succeeded {
        var expected: String?
        if case .success(let output) = step.result, !output.isEmpty {
          expected = ShortText.line(output, countMax: 120)
        }
        let action = step.action.isEmpty ? "use \(step.tool)" : ShortText.line(step.action)
        let tool = step.tool.isEmpty ? nil : step.tool
        if steps.last?.action == action, steps.last?.toolHint == tool { continue }
        steps.append(PlaybookStep(action: action, toolHint: tool, expected: expected))
      }
    } else {
      for case .toolSequence(let tools, _) in patterns.map(\.pattern.kind).prefix(1) {
        steps = tools.map { PlaybookStep(action: "use \($0)", toolHint: $0) }
      }
    }
    let known = steps.map { WordSet.words(of: $0.action) }
    let decisions: [PlaybookStep] = patterns.compactMap { ranked in
      guard case .decisionPoint(let condition, let action, let counts) = ranked.pattern.kind,
        counts.successCount > counts.failureCount,
        // Steps of one kind of work: a check of another is no part of this plan.
        exemplar.map({ $0.context.domain == ranked.pattern.context.domain }) ?? true
      else { return nil }
      let words = WordSet.words(of: condition)
      if known.contains(where: { WordSet.jaccard($0, words) > 0.5 }) { return nil }
      return PlaybookStep(
        action: SlottedText.shown(condition), toolHint: nil,
        expected:
          "then \(SlottedText.shown(action)) (worked \(counts.successCount) of \(counts.successCount.saturating(plus: counts.failureCount)) times)"
      )
    }
    let room = max(0, stepsMax - min(2, decisions.count))
    steps = Array(steps.prefix(room))
    guard !steps.isEmpty else { return Array(decisions.prefix(stepsMax)) }
    steps.insert(contentsOf: decisions.prefix(2), at: steps.count - 1)
    return steps
  }

  private static func pitfalls(patterns: [RankedPattern], episodes: [Episode]) -> [String] {
    var pitfalls: [String] = []
    for case .errorRecovery(let errorType, let steps) in patterns.map(\.pattern.kind) {
      pitfalls.append(
        pitfall(ErrorSignature(errorType).shown, steps.map(SlottedText.shown)))
    }
    for episode in episodes {
      if case .failure(let reason, _) = episode.outcome {
        pitfalls.append("failed before: \(ShortText.line(reason))")
      }
      for recovery in PatternExtraction.recoveries(in: episode.steps) {
        pitfalls.append(pitfall(recovery.error.shown, recovery.steps.map(ShortText.step)))
      }
    }
    return first(pitfallsMax, of: pitfalls)
  }

  /// What may go wrong, and what overcame it: never the way out by itself, which reads as what is to be avoided.
  private static func pitfall(_ error: String, _ steps: [String]) -> String {
    "if \(error) happens: do \(steps.joined(separator: ", then "))"
  }

  private static func whenToApply(patterns: [RankedPattern], episodes: [Episode]) -> String {
    let contexts = patterns.map(\.pattern.context) + episodes.map(\.context)
    func most(_ values: [String?], _ name: String) -> String? {
      var counts: [String: Int] = [:]
      for value in values.compactMap({ $0 }) { counts[value, default: 0] += 1 }
      // What half of them say is worth saying.
      let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
      return best.flatMap { $0.value * 2 >= values.count ? "\(name) \($0.key)" : nil }
    }
    let parts = [
      most(contexts.map(\.domain), "domain"), most(contexts.map(\.language), "language"),
      most(contexts.map(\.framework), "framework"),
      most(episodes.map(\.taskType.rawValue), "tasks of type"),
    ].compactMap { $0 }
    return parts.isEmpty ? "tasks like this one" : parts.joined(separator: ", ")
  }

  private static func whenNotTo(patterns: [RankedPattern], episodes: [Episode]) -> String {
    var reasons: [String] = []
    for episode in episodes {
      if case .abstained(let reason, _, let signals) = episode.outcome {
        reasons.append(ShortText.line(signals.isEmpty ? reason : signals.joined(separator: ", ")))
      }
    }
    for ranked in patterns {
      let use = ranked.pattern.effectiveness
      if use.failureWhenApplied > use.successWhenApplied {
        reasons.append(
          "“\(ShortText.line(ranked.pattern.kind.summary, countMax: 80))” hindered "
            + "\(use.failureWhenApplied) of \(use.failureWhenApplied.saturating(plus: use.successWhenApplied)) times"
        )
      }
    }
    for episode in episodes {
      if case .failure(let reason, _) = episode.outcome { reasons.append(ShortText.line(reason)) }
    }
    let known = first(3, of: reasons)
    return known.isEmpty
      ? "nothing known speaks against it (\(counted(episodes.count, "episode")))"
      : known.joined(separator: "; ")
  }

  private static func expectedOutcome(exemplar: Episode?, successes: [Double]) -> String {
    var text = exemplar?.outcome.map { ShortText.line($0.summary) } ?? ""
    if !successes.isEmpty {
      let good = successes.count { $0 >= 0.5 }
      text +=
        (text.isEmpty ? "" : "; ")
        + "\(good) of \(counted(successes.count, "like episode")) succeeded"
    }
    return text.isEmpty ? "unknown" : text
  }

  /// The mean of two lower bounds, each where there is something to tell it: of the success of the patterns'
  /// occurrences, and of the episodes.
  private static func confidence(of patterns: [RankedPattern], episodes: [Episode]) -> Double {
    var bounds: [Double] = []
    if !patterns.isEmpty {
      bounds.append(
        patterns.reduce(0) { $0 + $1.pattern.wilsonLowerBound } / Double(patterns.count))
    }
    let ended = episodes.compactMap { $0.outcome.flatMap(PatternExtraction.success) }
    if !ended.isEmpty {
      bounds.append(
        WilsonInterval.lowerBound(successes: ended.reduce(0, +), count: Double(ended.count)))
    }
    return bounds.isEmpty ? 0 : bounds.reduce(0, +) / Double(bounds.count)
  }

  private static func first(_ count: Int, of texts: [String]) -> [String] {
    var seen: Set<String> = []
    return Array(texts.filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(count))
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
