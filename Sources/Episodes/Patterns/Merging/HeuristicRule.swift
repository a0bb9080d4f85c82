/// Makes heuristics of decisions that keep working (source: the domain rules of the project).
public enum HeuristicRule {
  /// The fewest episodes behind a heuristic.
  public static let episodesMin = 2
  /// The least confidence at which a heuristic is kept.
  public static let confidenceMin = 0.7

  /// `successRate · √n` for n episodes.
  public static func confidence(successRate: Double, episodeCount: Int) -> Double {
    successRate * Double(max(0, episodeCount)).squareRoot()
  }

  /// The heuristic that a decision point teaches, under its id; nil for other kinds, for one that was seen
  /// in fewer than two episodes or failed more often than not, and below the least confidence.
  ///
  /// - Parameter known: what it was before, whose time of creation stays.
  public static func heuristic(from pattern: Pattern, known: Heuristic? = nil) -> Heuristic? {
    guard case .decisionPoint(let condition, let action, let statistics) = pattern.kind else {
      return nil
    }
    let confidence = confidence(
      successRate: pattern.successRate, episodeCount: pattern.occurrenceCount)
    guard pattern.occurrenceCount >= episodesMin, confidence >= confidenceMin,
      statistics.successCount >= statistics.failureCount
    else { return nil }
    return Heuristic(
      id: pattern.id, namespace: pattern.namespace, condition: SlottedText.shown(condition),
      action: SlottedText.shown(action),
      confidence: confidence, evidence: pattern.evidence,
      createdAt: known?.createdAt ?? pattern.updatedAt, updatedAt: pattern.updatedAt)
  }
}
