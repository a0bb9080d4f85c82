internal import Episodes
internal import Foundation

extension PatternExplanation {
  /// The numbers in sentences.
  static func reasons(
    _ pattern: Pattern, heuristic: Heuristic?, score: PatternScore?, at time: Timestamp
  ) -> [String] {
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    let count = pattern.occurrenceCount
    var reasons = [
      "seen in \(count) \(count == 1 ? "episode" : "episodes"), success rate "
        + "\(number(pattern.successRate)), at least \(number(pattern.wilsonLowerBound)) with 95 % "
        + "confidence (Wilson)"
    ]
    let use = pattern.effectiveness
    if use.timesRetrieved > 0 { reasons.append("recommended \(times(use.timesRetrieved))") }
    if use.timesApplied > 0 {
      reasons.append(
        "applied \(times(use.timesApplied)): helped \(times(use.successWhenApplied)), hindered "
          + "\(times(use.failureWhenApplied)); at least \(number(use.wilsonLowerBound)) (Wilson)")
      reasons.append(
        "episodes that applied it earned \(String(format: "%+.2f", use.averageRewardDelta)) against "
          + "comparable ones on average")
      reasons.append(
        "its use counts \(number(use.decay(at: time))) of what it did when it was new: "
          + "effectiveness \(number(use.score(at: time)))")
    } else {
      reasons.append("never applied as far as is known: effectiveness is in the middle, 0.50")
    }
    if let heuristic {
      reasons.append(
        "became a heuristic with confidence \(number(heuristic.confidence)) = success rate × √episodes"
      )
    }
    if let score {
      reasons.append(
        "score \(number(score.total)): semantic \(number(score.semantic)), "
          + (score.context.map { "context \(number($0)), " } ?? "")
          + "effectiveness \(number(score.effectiveness)), recency \(number(score.recency)), "
          + "success \(number(score.success))")
    }
    return reasons
  }

  private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
