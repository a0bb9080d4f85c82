/// Makes one pattern of two that are alike.
public enum PatternMerge {
  /// The most episodes that a pattern names; the count goes on.
  public static let evidenceMax = 256

  /// Adds one occurrence: counts add, the success rate is the mean weighted by count, evidence is united,
  /// and so are the counts of a decision; an average latency is weighted by count.
  ///
  /// What identifies the pattern stays: its id, tools, condition, class of error and context. Names in which the
  /// two differ become `‹…›`. The features
  /// of a context pattern are those that all occurrences share; its approach is replaced while more of them
  /// failed than succeeded, by one that worked.
  public static func merge(_ observation: PatternObservation, into pattern: Pattern) -> Pattern {
    var merged = pattern
    let count = Double(pattern.occurrenceCount)
    merged.kind = kind(pattern, observation, count: count)
    merged.successRate = (pattern.successRate * count + observation.successRate) / (count + 1)
    merged.occurrenceCount = pattern.occurrenceCount.saturating(plus: 1)
    merged.evidence = evidence(pattern.evidence, adding: [observation.episodeID])
    merged.updatedAt = max(pattern.updatedAt, observation.time)
    return merged
  }

  /// Evidence united, each episode once; the latest of it where that is too much.
  public static func evidence(_ first: [String], adding second: [String]) -> [String] {
    let known = Set(first)
    return Array((first + second.filter { !known.contains($0) }).suffix(evidenceMax))
  }

  private static func kind(
    _ pattern: Pattern, _ observation: PatternObservation, count: Double
  ) -> PatternKind {
    switch (pattern.kind, observation.kind) {
    case (.toolSequence(let tools, let latency), .toolSequence(_, let added)):
      return .toolSequence(tools: tools, averageLatency: (latency * count + added) / (count + 1))
    case (
      .decisionPoint(let condition, let action, let counts),
      .decisionPoint(let otherCondition, let otherAction, let added)
    ):
      return .decisionPoint(
        condition: SlottedText.generalized(condition, over: otherCondition),
        action: SlottedText.generalized(action, over: otherAction),
        outcomeStatistics: OutcomeStatistics(
          successCount: counts.successCount.saturating(plus: added.successCount),
          failureCount: counts.failureCount.saturating(plus: added.failureCount)))
    case (
      .contextPattern(let features, let approach), .contextPattern(let others, let other)
    ):
      return .contextPattern(
        features: features.filter(others.contains),
        recommendedApproach: pattern.successRate < 0.5 && observation.successRate > 0.5
          ? other : approach)
    default: return generalized(pattern.kind, over: observation.kind)
    }
  }

  /// The words of a recovery without the names that only its own episodes have.
  static func generalized(_ kind: PatternKind, over other: PatternKind) -> PatternKind {
    switch (kind, other) {
    case (.errorRecovery(let type, let steps), .errorRecovery(let otherType, let otherSteps)):
      let said = otherSteps.joined(separator: "; ")
      return .errorRecovery(
        errorType: SlottedText.generalized(type, over: otherType),
        recoverySteps: steps.map { SlottedText.generalized($0, over: said) })
    case (
      .decisionPoint(let condition, let action, let counts),
      .decisionPoint(let otherCondition, let otherAction, _)
    ):
      return .decisionPoint(
        condition: SlottedText.generalized(condition, over: otherCondition),
        action: SlottedText.generalized(action, over: otherAction), outcomeStatistics: counts)
    default: return kind
    }
  }
}
