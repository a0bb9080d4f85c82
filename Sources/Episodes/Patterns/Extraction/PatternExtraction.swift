/// Draws the patterns from one completed episode, by rules (source: the domain rules of the project).
///
/// | kind | shown by | success |
/// |---|---|---|
/// | toolSequence | two or more tools in a stretch in which at least 0.7 of the steps succeeded | of the episode |
/// | decisionPoint | a step that checks or decides, and the step after it | share of the steps after it that succeeded |
/// | errorRecovery | a failed step that a success follows | of the episode |
/// | contextPattern | a context and the tools, or the verdict, that worked in it | of the episode |
///
/// What a decision or a recovery was about in the one episode (a file, a host, a service) is marked in its words,
/// ``PatternKind``, so that the same experience with another thing is the same pattern.
///
/// The success of an episode is 1 for a success, the completed share for a partial one (0.5 if no part is
/// named), and 0 for a failure.
public enum PatternExtraction {
  /// What `episode` shows; nothing while it has no outcome, and nothing of one that was abstained: nothing
  /// was tried to its end.
  ///
  /// - Complexity: quadratic in the number of steps, for the stretches.
  public static func observations(of episode: Episode) -> [PatternObservation] {
    guard let outcome = episode.outcome, let success = success(of: outcome) else { return [] }
    let names = TaskNames(of: episode)
    return toolSequences(of: episode, success: success)
      + decisionPoints(of: episode, names: names)
      + errorRecoveries(of: episode, names: names, success: success)
      + contextPatterns(of: episode, outcome: outcome, success: success)
  }

  /// How well an episode ended, 0 to 1; nil for one that was abstained.
  public static func success(of outcome: TaskOutcome) -> Double? {
    switch outcome {
    case .success: return 1
    case .partialSuccess(_, let completed, let failed):
      let count = completed.count + failed.count
      return count == 0 ? 0.5 : Double(completed.count) / Double(count)
    case .failure: return 0
    case .abstained: return nil
    }
  }

  /// Whether applying a pattern in an episode was a success: what was said of it, or else how the episode
  /// ended; nil if it was neither that nor a failure.
  public static func isSuccess(_ applied: AppliedPattern, in episode: Episode) -> Bool? {
    switch applied.effect {
    case .helped: true
    case .hindered: false
    case .noEffect: nil
    case nil: episode.outcome.flatMap(success).map { $0 >= 0.5 }
    }
  }

  static func observation(
    of episode: Episode, _ kind: PatternKind, success: Double, startsPattern: Bool = true
  ) -> PatternObservation {
    PatternObservation(
      namespace: episode.namespace, kind: kind, context: episode.context, successRate: success,
      episodeID: episode.id, time: episode.endTime ?? episode.startTime,
      startsPattern: startsPattern)
  }
}
