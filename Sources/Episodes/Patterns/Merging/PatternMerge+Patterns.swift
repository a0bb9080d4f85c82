extension PatternMerge {
  /// Adds what another pattern has seen, as when two namespaces become one: counts and uses add, rates are
  /// means weighted by count, evidence is united. An episode that both name counts once.
  ///
  /// The identity, words and context of `pattern` stay.
  public static func merge(_ other: Pattern, into pattern: Pattern) -> Pattern {
    var merged = pattern
    let (count, added) = (Double(pattern.occurrenceCount), Double(other.occurrenceCount))
    func mean(_ first: Double, _ second: Double) -> Double {
      count + added == 0 ? first : (first * count + second * added) / (count + added)
    }
    let shared = Set(pattern.evidence).intersection(other.evidence).count
    merged.kind = generalized(kind(pattern, other, mean: mean), over: other.kind)
    merged.successRate = mean(pattern.successRate, other.successRate)
    merged.occurrenceCount = max(
      0, pattern.occurrenceCount.saturating(plus: other.occurrenceCount) - shared)
    merged.evidence = evidence(pattern.evidence, adding: other.evidence)
    merged.effectiveness = uses(pattern.effectiveness, other.effectiveness)
    merged.createdAt = min(pattern.createdAt, other.createdAt)
    merged.updatedAt = max(pattern.updatedAt, other.updatedAt)
    return merged
  }

  private static func kind(
    _ pattern: Pattern, _ other: Pattern, mean: (Double, Double) -> Double
  ) -> PatternKind {
    switch (pattern.kind, other.kind) {
    case (.toolSequence(let tools, let latency), .toolSequence(_, let added)):
      .toolSequence(tools: tools, averageLatency: mean(latency, added))
    case (
      .decisionPoint(let condition, let action, let counts), .decisionPoint(_, _, let added)
    ):
      .decisionPoint(
        condition: condition, action: action,
        outcomeStatistics: OutcomeStatistics(
          successCount: counts.successCount.saturating(plus: added.successCount),
          failureCount: counts.failureCount.saturating(plus: added.failureCount)))
    case (.contextPattern(let features, let approach), .contextPattern(let others, _)):
      .contextPattern(
        features: features.filter(others.contains), recommendedApproach: approach)
    default: pattern.kind
    }
  }

  private static func uses(
    _ first: PatternEffectiveness, _ second: PatternEffectiveness
  ) -> PatternEffectiveness {
    let applied = first.timesApplied.saturating(plus: second.timesApplied)
    let delta =
      first.averageRewardDelta * Double(first.timesApplied)
      + second.averageRewardDelta * Double(second.timesApplied)
    return PatternEffectiveness(
      timesRetrieved: first.timesRetrieved.saturating(plus: second.timesRetrieved),
      timesApplied: applied,
      successWhenApplied: first.successWhenApplied.saturating(plus: second.successWhenApplied),
      failureWhenApplied: first.failureWhenApplied.saturating(plus: second.failureWhenApplied),
      averageRewardDelta: applied == 0 ? 0 : delta / Double(applied),
      lastUsed: [first.lastUsed, second.lastUsed].compactMap { $0 }.max())
  }
}

extension KnownPatterns {
  /// The known pattern that another of the namespace `namespace` would be one with; nil if it is new there.
  public func match(for pattern: Pattern, in namespace: String) -> Pattern? {
    let observation = PatternObservation(
      namespace: namespace, kind: pattern.kind, context: pattern.context,
      successRate: pattern.successRate, episodeID: "", time: pattern.updatedAt)
    return match(for: observation, among: candidates(for: observation))
  }
}
