extension Pattern {
  /// The longest mean latency that is kept, in seconds, and the largest mean difference in reward: what is
  /// beyond is no measurement, and sums of it are no numbers.
  static let quantityMax = 1e9

  /// Checks every rule that a stored pattern keeps.
  ///
  /// - Throws: ``ValidationError`` naming the first field that breaks a rule.
  public func validate() throws(ValidationError) {
    try Identifier.check(id, field: "id")
    try Identifier.check(namespace, field: "namespace")
    guard (0...1).contains(successRate) else {
      throw ValidationError(
        field: "successRate", problem: "is \(successRate)", expected: "a share from 0 to 1")
    }
    var counts = [
      ("occurrenceCount", occurrenceCount),
      ("effectiveness.timesRetrieved", effectiveness.timesRetrieved),
      ("effectiveness.timesApplied", effectiveness.timesApplied),
      ("effectiveness.successWhenApplied", effectiveness.successWhenApplied),
      ("effectiveness.failureWhenApplied", effectiveness.failureWhenApplied),
    ]
    if case .decisionPoint(_, _, let statistics) = kind {
      counts += [
        ("kind.outcomeStatistics.successCount", statistics.successCount),
        ("kind.outcomeStatistics.failureCount", statistics.failureCount),
      ]
    }
    for (field, count) in counts where count < 0 {
      throw ValidationError(field: field, problem: "is \(count)", expected: "0 or more")
    }
    let delta = effectiveness.averageRewardDelta
    guard abs(delta) <= Self.quantityMax else {
      throw ValidationError(
        field: "effectiveness.averageRewardDelta", problem: "is \(delta)",
        expected: "-1000000000 to 1000000000")
    }
    if case .toolSequence(_, let latency) = kind {
      try ValidationError.requireSeconds(latency, field: "kind.averageLatency")
    }
    guard evidence.count <= PatternMerge.evidenceMax else {
      throw ValidationError(
        field: "evidence", problem: "names \(evidence.count) episodes",
        expected: "at most \(PatternMerge.evidenceMax), the latest")
    }
    for (index, id) in evidence.enumerated() {
      try Identifier.check(id, field: "evidence[\(index)]")
    }
  }

  /// The pattern with every number brought back into its range: one that an earlier version let in must not
  /// make sums that cannot be stored.
  package var bounded: Pattern {
    var pattern = self
    pattern.successRate = Self.bounded(successRate, 0, 1)
    pattern.occurrenceCount = max(0, occurrenceCount)
    pattern.effectiveness.timesRetrieved = max(0, effectiveness.timesRetrieved)
    pattern.effectiveness.timesApplied = max(0, effectiveness.timesApplied)
    pattern.effectiveness.successWhenApplied = max(0, effectiveness.successWhenApplied)
    pattern.effectiveness.failureWhenApplied = max(0, effectiveness.failureWhenApplied)
    pattern.effectiveness.averageRewardDelta = Self.bounded(
      effectiveness.averageRewardDelta, -Self.quantityMax, Self.quantityMax)
    switch kind {
    case .toolSequence(let tools, let latency):
      pattern.kind = .toolSequence(
        tools: tools, averageLatency: Self.bounded(latency, 0, Self.quantityMax))
    case .decisionPoint(let condition, let action, let statistics):
      pattern.kind = .decisionPoint(
        condition: condition, action: action,
        outcomeStatistics: OutcomeStatistics(
          successCount: max(0, statistics.successCount),
          failureCount: max(0, statistics.failureCount)))
    case .errorRecovery, .contextPattern: break
    }
    return pattern
  }

  private static func bounded(_ number: Double, _ least: Double, _ most: Double) -> Double {
    number.isNaN ? 0 : min(most, max(least, number))
  }
}
