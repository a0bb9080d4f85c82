import Episodes

/// The episode that feedback on a recommendation is about, as it was when it was read.
struct FeedbackTarget {
  var outcome: TaskOutcome?
  var appliedPatterns: [AppliedPattern]
  /// Whether it is complete, and waits to be learned from.
  var isQueued: Bool
  /// What ``markSQL`` was.
  var mark: String

  /// Another text when one of the fields above has changed; null without an episode.
  static let markSQL =
    """
    SELECT coalesce(e.outcome, '-')
      || EXISTS (SELECT 1 FROM learning_queue WHERE episode = e.rowid) || e.applied_patterns
    FROM recommendations AS r JOIN episodes AS e ON e.id = r.episode_id WHERE r.id = ?1
    """

  static let readSQL =
    """
    SELECT e.outcome_kind, e.outcome, e.applied_patterns,
      EXISTS (SELECT 1 FROM learning_queue WHERE episode = e.rowid), (\(markSQL))
    FROM recommendations AS r JOIN episodes AS e ON e.id = r.episode_id WHERE r.id = ?1
    """

  /// What has been counted, or will be, of using a pattern in the episode; nil where it does not name it.
  func use(of patternID: String) -> FeedbackCount? {
    guard let applied = appliedPatterns.first(where: { $0.patternID == patternID }) else {
      return nil
    }
    return applied.effect.map(FeedbackCount.init)
      ?? FeedbackCount(outcome.flatMap(PatternExtraction.success).map { $0 >= 0.5 })
  }

  /// The patterns of the episode with what feedback says of one.
  func appliedPatterns(
    with effect: AppliedPattern.Effect, of patternID: String
  ) -> [AppliedPattern] {
    var patterns = appliedPatterns
    if let index = patterns.firstIndex(where: { $0.patternID == patternID }) {
      patterns[index].effect = effect
    } else {
      patterns.append(AppliedPattern(patternID: patternID, effect: effect))
    }
    return patterns
  }
}
