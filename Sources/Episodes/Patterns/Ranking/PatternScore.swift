/// What the score of a pattern is made of. Each component is from 0 to 1.
///
/// How well a pattern did says nothing of a task that it has nothing to do with: effectiveness, recency and success
/// count in proportion to ``semantic``. One that helped once is not recommended for everything.
public struct PatternScore: Hashable, Sendable, Codable {
  /// The weighted mean of the components.
  public var total: Double
  /// How like the question the pattern and the episodes that show it are: see ``PatternLikeness``.
  public var semantic: Double
  /// The share of what the question's context names (domain, language, framework, tags) that the pattern's has;
  /// nil when it names nothing: its weight goes to the others then.
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
  ///   - likeness: of the question and the pattern, 0 to 1.
  ///   - context: where the task takes place; nil if nothing is known of that.
  ///   - time: now.
  public init(
    of pattern: Pattern, likeness: Double, context: TaskContext?, weights: PatternWeights,
    at time: Timestamp
  ) {
    semantic = min(max(likeness, 0), 1)
    self.context = context.flatMap { Self.match($0, pattern.context) }
    effectiveness = pattern.effectiveness.score(at: time)
    recency = pattern.recency(at: time)
    success =
      weights.usesWilsonBound ? pattern.wilsonLowerBound : min(max(pattern.successRate, 0), 1)
    let use =
      weights.effectiveness * effectiveness + weights.recency * recency
      + weights.success * success
    var sum = weights.semantic * semantic + semantic * use
    var weight = weights.semantic + weights.effectiveness + weights.recency + weights.success
    if let context = self.context {
      sum += weights.context * context
      weight += weights.context
    }
    total = weight > 0 ? sum / weight : 0
  }

  /// Each of domain, language and framework counts as much as the tags together (by their Jaccard coefficient). That
  /// two contexts both leave something out makes them no more alike here.
  private static func match(_ wanted: TaskContext, _ found: TaskContext) -> Double? {
    var named = 0.0
    var met = 0.0
    func compare(_ wanted: String?, _ found: String?) {
      guard let wanted else { return }
      named += 1
      if wanted == found { met += 1 }
    }
    compare(wanted.domain == TaskContext().domain ? nil : wanted.domain, found.domain)
    compare(wanted.language, found.language)
    compare(wanted.framework, found.framework)
    if !wanted.tags.isEmpty {
      named += 1
      met += WordSet.jaccard(Set(wanted.tags), Set(found.tags))
    }
    return named == 0 ? nil : met / named
  }
}
