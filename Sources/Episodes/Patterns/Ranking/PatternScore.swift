/// What the score of a pattern is made of. Each component is from 0 to 1.
public struct PatternScore: Hashable, Sendable, Codable {
  /// The weighted mean of the components.
  public var total: Double
  /// The cosine similarity of the question and the pattern in words, 0 where it is negative.
  public var semantic: Double
  /// How alike the contexts are; nil when the question gives none: its weight goes to the others then.
  public var context: Double?
  /// See ``PatternEffectiveness/score(at:)``.
  public var effectiveness: Double
  /// `e^(−days/30)` since the pattern was last seen or used.
  public var recency: Double
  /// The success rate of its occurrences, or its Wilson lower bound.
  public var success: Double

  /// Scores a pattern.
  ///
  /// - Parameters:
  ///   - similarity: the cosine of the question and the pattern in words.
  ///   - context: where the task takes place; nil if nothing is known of that.
  ///   - time: now.
  public init(
    of pattern: Pattern, similarity: Double, context: TaskContext?, weights: PatternWeights,
    at time: Timestamp
  ) {
    semantic = min(max(similarity, 0), 1)
    self.context = context.map { PatternSimilarity.similarity($0, pattern.context) }
    effectiveness = pattern.effectiveness.score(at: time)
    recency = pattern.recency(at: time)
    success =
      weights.usesWilsonBound ? pattern.wilsonLowerBound : min(max(pattern.successRate, 0), 1)
    var sum =
      weights.semantic * semantic + weights.effectiveness * effectiveness
      + weights.recency * recency + weights.success * success
    var weight = weights.semantic + weights.effectiveness + weights.recency + weights.success
    if let context = self.context {
      sum += weights.context * context
      weight += weights.context
    }
    total = weight > 0 ? sum / weight : 0
  }
}
