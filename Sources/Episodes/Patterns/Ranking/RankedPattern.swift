/// A pattern and why it is where it is in a list.
public struct RankedPattern: Hashable, Sendable, Codable {
  public var pattern: Pattern
  public var score: PatternScore

  public init(pattern: Pattern, score: PatternScore) {
    self.pattern = pattern
    self.score = score
  }

  /// Best first; the pattern seen more often, then the lower id, where scores are equal.
  public static func isBetter(_ left: RankedPattern, _ right: RankedPattern) -> Bool {
    (left.score.total, left.pattern.occurrenceCount, right.pattern.id)
      > (right.score.total, right.pattern.occurrenceCount, left.pattern.id)
  }
}
