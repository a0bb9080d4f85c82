/// How much each component counts in the score of a pattern (source of the defaults: the domain rules of
/// the project).
public struct PatternWeights: Hashable, Sendable, Codable {
  public var semantic: Double
  public var context: Double
  public var effectiveness: Double
  public var recency: Double
  public var success: Double
  /// Whether success is the Wilson lower bound of the success rate, in place of the rate itself: one success
  /// in one episode is little to recommend by.
  public var usesWilsonBound: Bool

  public init(
    semantic: Double, context: Double, effectiveness: Double, recency: Double, success: Double,
    usesWilsonBound: Bool = false
  ) {
    self.semantic = semantic
    self.context = context
    self.effectiveness = effectiveness
    self.recency = recency
    self.success = success
    self.usesWilsonBound = usesWilsonBound
  }

  public static let search = PatternWeights(
    semantic: 0.4, context: 0.2, effectiveness: 0.2, recency: 0.1, success: 0.1)
  public static let recommend = PatternWeights(
    semantic: 0.35, context: 0.25, effectiveness: 0.25, recency: 0.1, success: 0.05,
    usesWilsonBound: true)
  public static let analogous = PatternWeights(
    semantic: 0.5, context: 0.1, effectiveness: 0.2, recency: 0.1, success: 0.1)

  /// - Throws: ``ValidationError`` for a weight below 0 or not finite, and when all are 0.
  public func validate() throws(ValidationError) {
    let weights = [
      ("semantic", semantic), ("context", context), ("effectiveness", effectiveness),
      ("recency", recency), ("success", success),
    ]
    for (name, weight) in weights where !(weight.isFinite && weight >= 0) {
      throw ValidationError(
        field: "weights.\(name)", problem: "is \(weight)", expected: "a number of 0 or more")
    }
    guard weights.contains(where: { $0.1 > 0 }) else {
      throw ValidationError(
        field: "weights", problem: "are all 0", expected: "at least one above 0")
    }
  }
}
