public import Episodes

/// Why a pattern is believed, and from which episodes it comes.
public struct PatternExplanation: Hashable, Sendable, Codable {
  /// An episode that shows the pattern.
  public struct Evidence: Hashable, Sendable, Codable {
    public var id: String
    public var taskDescription: String
    public var outcome: TaskOutcome.Kind?
    public var reward: Double?
    public var startTime: Timestamp
  }

  public var pattern: Pattern
  /// The Wilson lower bound of the success of its occurrences.
  public var occurrenceWilsonBound: Double
  /// The Wilson lower bound of its success when applied.
  public var appliedWilsonBound: Double
  /// What is left of the weight of its use, 0 to 1.
  public var decay: Double
  /// ``PatternEffectiveness/score(at:)``.
  public var effectivenessScore: Double
  public var recency: Double
  /// How it does on a question, if there was one.
  public var score: PatternScore?
  /// The rule that was made of it, if there is one.
  public var heuristic: Heuristic?
  /// The latest episodes of its evidence, latest first.
  public var evidence: [Evidence]
  /// The same in sentences.
  public var reasons: [String]
}
