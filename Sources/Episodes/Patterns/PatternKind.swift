/// What a pattern says; one case for each of the four kinds.
///
/// The words of a decision and of a recovery mark what the episode was about: in `helm: upgrade ‹invoices›` another
/// name may stand in the place of this one, and `‹…›` is where the episodes differ. ``summary`` is without marks.
public enum PatternKind: Hashable, Sendable {
  /// Tools that were used one after the other in successful work; average latency in seconds.
  case toolSequence(tools: [String], averageLatency: Double)
  /// A check and what was done on it.
  case decisionPoint(condition: String, action: String, outcomeStatistics: OutcomeStatistics)
  /// What fixed a class of errors: the class, a colon, and the first line of the message of one of them.
  case errorRecovery(errorType: String, recoverySteps: [String])
  /// What worked in a context.
  case contextPattern(features: [String], recommendedApproach: String)

  /// The case without its values.
  public enum Name: String, Hashable, Sendable, Codable, CaseIterable {
    case toolSequence, decisionPoint, errorRecovery, contextPattern
  }

  public var name: Name {
    switch self {
    case .toolSequence: .toolSequence
    case .decisionPoint: .decisionPoint
    case .errorRecovery: .errorRecovery
    case .contextPattern: .contextPattern
    }
  }
}

extension PatternKind: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, tools, averageLatency, condition, action, outcomeStatistics, errorType
    case recoverySteps, features, recommendedApproach
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Name.self, forKey: .name) {
    case .toolSequence:
      self = .toolSequence(
        tools: try container.decode([String].self, forKey: .tools),
        averageLatency: try container.decode(Double.self, forKey: .averageLatency))
    case .decisionPoint:
      self = .decisionPoint(
        condition: try container.decode(String.self, forKey: .condition),
        action: try container.decode(String.self, forKey: .action),
        outcomeStatistics: try container.decode(
          OutcomeStatistics.self, forKey: .outcomeStatistics))
    case .errorRecovery:
      self = .errorRecovery(
        errorType: try container.decode(String.self, forKey: .errorType),
        recoverySteps: try container.decode([String].self, forKey: .recoverySteps))
    case .contextPattern:
      self = .contextPattern(
        features: try container.decode([String].self, forKey: .features),
        recommendedApproach: try container.decode(String.self, forKey: .recommendedApproach))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    switch self {
    case .toolSequence(let tools, let averageLatency):
      try container.encode(tools, forKey: .tools)
      try container.encode(averageLatency, forKey: .averageLatency)
    case .decisionPoint(let condition, let action, let statistics):
      try container.encode(condition, forKey: .condition)
      try container.encode(action, forKey: .action)
      try container.encode(statistics, forKey: .outcomeStatistics)
    case .errorRecovery(let errorType, let recoverySteps):
      try container.encode(errorType, forKey: .errorType)
      try container.encode(recoverySteps, forKey: .recoverySteps)
    case .contextPattern(let features, let recommendedApproach):
      try container.encode(features, forKey: .features)
      try container.encode(recommendedApproach, forKey: .recommendedApproach)
    }
  }
}
