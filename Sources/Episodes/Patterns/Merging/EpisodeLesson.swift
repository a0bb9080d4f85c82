/// What one episode taught.
public struct EpisodeLesson: Hashable, Sendable {
  /// The patterns it shows, in the order they were found.
  public var patternIDs: [String] = []
  /// How many of them it was the first to show: what its reward counts; see ``RewardFormula``.
  public var newPatternCount = 0
  /// Episodes that turned out to show a pattern that was found only now, by the pattern.
  public var earlierEvidence: [String: [String]] = [:]

  public init() {}
}
