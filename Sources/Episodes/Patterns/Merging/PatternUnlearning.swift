/// Takes episodes out of a pattern that was learned from them: the reverse of ``PatternLearning``.
public enum PatternUnlearning {
  /// How many of the episodes that stay are asked for words of their own.
  public static let sampleMax = 4

  /// The pattern without some of its episodes: their successes and counts are taken off, and words that only
  /// they said are replaced by those of an episode that stays.
  ///
  /// - Parameters:
  ///   - pattern: as it is known.
  ///   - removed: episodes that it counts.
  ///   - count: how many occurrences are left.
  ///   - evidence: the ids of the episodes that stay, oldest first.
  ///   - sample: some of those.
  ///   - hasUnknown: whether episodes go too that are not stored any more: any word may be theirs.
  /// - Returns: nil if nothing that stays shows it.
  public static func pattern(
    _ pattern: Pattern, without removed: [Episode], count: Int, evidence: [String],
    sample: [Episode], hasUnknown: Bool = false
  ) -> Pattern? {
    guard count > 0 else { return nil }
    let taken = removed.compactMap { occurrence(of: pattern, in: $0) }
    var rest = subtracting(taken, from: pattern)
    rest.occurrenceCount = count
    rest.evidence = evidence
    guard hasUnknown || taken.contains(where: { isSource($0, of: pattern) }) else { return rest }
    let shown = sample.compactMap { occurrence(of: pattern, in: $0) }
    if shown.contains(where: { hasWords(of: pattern, $0) && $0.context == pattern.context }) {
      // Names that only those that go have said.
      for other in shown { rest.kind = PatternMerge.generalized(rest.kind, over: other.kind) }
      return rest
    }
    // Words that are said already, then what worked.
    let source = shown.max { left, right in
      (hasWords(of: pattern, left) ? 1 : 0, left.successRate)
        < (hasWords(of: pattern, right) ? 1 : 0, right.successRate)
    }
    guard let source else { return nil }
    rest.kind = kind(of: rest, inWordsOf: source)
    for other in shown { rest.kind = PatternMerge.generalized(rest.kind, over: other.kind) }
    rest.context = source.context
    return rest
  }

  /// What an episode showed of a pattern that counts it.
  static func occurrence(of pattern: Pattern, in episode: Episode) -> PatternObservation? {
    var best: (observation: PatternObservation, similarity: Double)?
    for observation in PatternExtraction.observations(of: episode) {
      var part = observation
      if case .toolSequence(let tools, let latency) = observation.kind,
        case .toolSequence(let run, _) = pattern.kind, CommonTools.contains(tools, run)
      {
        part.kind = .toolSequence(tools: run, averageLatency: latency)
      }
      let similarity = PatternSimilarity.similarity(
        part.kind, in: part.context, pattern.kind, in: pattern.context)
      if similarity > best?.similarity ?? 0 { best = (part, similarity) }
    }
    // An episode that names the pattern showed it, whatever words the pattern has now.
    guard let best,
      best.similarity >= PatternSimilarity.mergeMin - 1e-9
        || episode.patternIDs.contains(pattern.id)
    else { return nil }
    return best.observation
  }

  private static func subtracting(_ taken: [PatternObservation], from pattern: Pattern) -> Pattern {
    var rest = pattern
    let count = Double(pattern.occurrenceCount)
    let left = count - Double(taken.count)
    guard !taken.isEmpty, left > 0 else { return rest }
    let rate =
      (pattern.successRate * count - taken.reduce(0) { $0 + $1.successRate }) / left
    // What is a whole number stays one.
    rest.successRate = min(1, max(0, abs(rate - rate.rounded()) < 1e-9 ? rate.rounded() : rate))
    switch pattern.kind {
    case .toolSequence(let tools, let latency):
      var sum = latency * count
      for case .toolSequence(_, let latency) in taken.map(\.kind) { sum -= latency }
      rest.kind = .toolSequence(tools: tools, averageLatency: max(0, sum / left))
    case .decisionPoint(let condition, let action, var statistics):
      for case .decisionPoint(_, _, let counts) in taken.map(\.kind) {
        statistics.successCount = max(0, statistics.successCount - counts.successCount)
        statistics.failureCount = max(0, statistics.failureCount - counts.failureCount)
      }
      rest.kind = .decisionPoint(
        condition: condition, action: action, outcomeStatistics: statistics)
    case .errorRecovery, .contextPattern: break
    }
    return rest
  }

  /// Whether words of a pattern may have come from an occurrence.
  private static func isSource(_ observation: PatternObservation, of pattern: Pattern) -> Bool {
    hasWords(of: pattern, observation) || observation.context == pattern.context
  }

  private static func hasWords(of pattern: Pattern, _ observation: PatternObservation) -> Bool {
    switch (pattern.kind, observation.kind) {
    case (.toolSequence(let tools, _), .toolSequence(let others, _)): tools == others
    case (
      .decisionPoint(let condition, let action, _),
      .decisionPoint(let otherCondition, let otherAction, _)
    ):
      SlottedText.skeleton(condition) == SlottedText.skeleton(otherCondition)
        && SlottedText.skeleton(action) == SlottedText.skeleton(otherAction)
    case (.errorRecovery(let type, let steps), .errorRecovery(let otherType, let otherSteps)):
      SlottedText.skeleton(type) == SlottedText.skeleton(otherType)
        && steps.map(SlottedText.skeleton) == otherSteps.map(SlottedText.skeleton)
    case (.contextPattern(_, let approach), .contextPattern(_, let other)): approach == other
    default: false
    }
  }

  /// The counts of a pattern in the words of an occurrence.
  private static func kind(
    of pattern: Pattern, inWordsOf source: PatternObservation
  ) -> PatternKind {
    switch (pattern.kind, source.kind) {
    case (.toolSequence(_, let latency), .toolSequence(let tools, _)):
      .toolSequence(tools: tools, averageLatency: latency)
    case (.decisionPoint(_, _, let statistics), .decisionPoint(let condition, let action, _)):
      .decisionPoint(condition: condition, action: action, outcomeStatistics: statistics)
    case (.contextPattern(let features, _), .contextPattern(let others, let approach)):
      .contextPattern(
        features: features.filter(others.contains), recommendedApproach: approach)
    default: source.kind
    }
  }
}
