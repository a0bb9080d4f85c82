import Episodes
import SwiftProtobuf

extension WirePattern {
  init(_ pattern: Pattern) {
    self.init()
    id = pattern.id
    namespace = pattern.namespace
    kind = OneOf_Kind(pattern.kind)
    context = WireTaskContext(pattern.context)
    successRate = pattern.successRate
    occurrenceCount = Int64(pattern.occurrenceCount)
    effectiveness = WirePatternEffectiveness(pattern.effectiveness)
    evidence = pattern.evidence
    createdAt = pattern.createdAt.nanosecondsSince1970
    updatedAt = pattern.updatedAt.nanosecondsSince1970
  }

  func pattern() throws(WireError) -> Pattern {
    guard let kind else { throw .field("kind") }
    guard hasContext else { throw .field("context") }
    return Pattern(
      id: id, namespace: namespace.isEmpty ? Episode.defaultNamespace : namespace,
      kind: kind.patternKind, context: try context.taskContext(),
      successRate: successRate, occurrenceCount: Int(occurrenceCount),
      effectiveness: effectiveness.patternEffectiveness, evidence: evidence,
      createdAt: Timestamp(nanosecondsSince1970: createdAt),
      updatedAt: Timestamp(nanosecondsSince1970: updatedAt))
  }
}

extension WirePattern.OneOf_Kind {
  init(_ kind: PatternKind) {
    switch kind {
    case .toolSequence(let tools, let averageLatency):
      self = .toolSequence(
        .with {
          $0.tools = tools
          $0.averageLatency = averageLatency
        })
    case .decisionPoint(let condition, let action, let statistics):
      self = .decisionPoint(
        .with {
          $0.condition = condition
          $0.action = action
          $0.successCount = Int64(statistics.successCount)
          $0.failureCount = Int64(statistics.failureCount)
        })
    case .errorRecovery(let errorType, let recoverySteps):
      self = .errorRecovery(
        .with {
          $0.errorType = errorType
          $0.recoverySteps = recoverySteps
        })
    case .contextPattern(let features, let recommendedApproach):
      self = .contextPattern(
        .with {
          $0.features = features
          $0.recommendedApproach = recommendedApproach
        })
    }
  }

  var patternKind: PatternKind {
    switch self {
    case .toolSequence(let value):
      .toolSequence(tools: value.tools, averageLatency: value.averageLatency)
    case .decisionPoint(let value):
      .decisionPoint(
        condition: value.condition, action: value.action,
        outcomeStatistics: OutcomeStatistics(
          successCount: Int(value.successCount), failureCount: Int(value.failureCount)))
    case .errorRecovery(let value):
      .errorRecovery(errorType: value.errorType, recoverySteps: value.recoverySteps)
    case .contextPattern(let value):
      .contextPattern(features: value.features, recommendedApproach: value.recommendedApproach)
    }
  }
}

extension WirePatternEffectiveness {
  init(_ effectiveness: PatternEffectiveness) {
    self.init()
    timesRetrieved = Int64(effectiveness.timesRetrieved)
    timesApplied = Int64(effectiveness.timesApplied)
    successWhenApplied = Int64(effectiveness.successWhenApplied)
    failureWhenApplied = Int64(effectiveness.failureWhenApplied)
    averageRewardDelta = effectiveness.averageRewardDelta
    if let value = effectiveness.lastUsed { lastUsed = value.nanosecondsSince1970 }
  }

  var patternEffectiveness: PatternEffectiveness {
    PatternEffectiveness(
      timesRetrieved: Int(timesRetrieved), timesApplied: Int(timesApplied),
      successWhenApplied: Int(successWhenApplied), failureWhenApplied: Int(failureWhenApplied),
      averageRewardDelta: averageRewardDelta,
      lastUsed: hasLastUsed ? Timestamp(nanosecondsSince1970: lastUsed) : nil)
  }
}

extension WireHeuristic {
  init(_ heuristic: Heuristic) {
    self.init()
    id = heuristic.id
    namespace = heuristic.namespace
    condition = heuristic.condition
    action = heuristic.action
    confidence = heuristic.confidence
    evidence = heuristic.evidence
    createdAt = heuristic.createdAt.nanosecondsSince1970
    updatedAt = heuristic.updatedAt.nanosecondsSince1970
  }

  var heuristic: Heuristic {
    Heuristic(
      id: id, namespace: namespace.isEmpty ? Episode.defaultNamespace : namespace,
      condition: condition, action: action, confidence: confidence, evidence: evidence,
      createdAt: Timestamp(nanosecondsSince1970: createdAt),
      updatedAt: Timestamp(nanosecondsSince1970: updatedAt))
  }
}
