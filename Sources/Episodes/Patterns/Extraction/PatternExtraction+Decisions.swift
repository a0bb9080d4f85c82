extension PatternExtraction {
  /// How words begin that tell a step that checks or decides.
  private static let decisionStems = [
    "check", "verif", "validat", "decid", "determin", "choos", "confirm", "ensur", "assess",
    "evaluat", "compar",
  ]
  /// Whole words that do.
  private static let decisionWords: Set<String> = ["if", "whether"]

  /// Whether a step checks, verifies or decides, by the words of its action or the name of its tool.
  public static func isDecision(_ step: ExecutionStep) -> Bool {
    WordSet.words(of: step.action + " " + step.tool).contains(where: isDecisionWord)
  }

  static func isDecisionWord(_ word: String) -> Bool {
    decisionWords.contains(word) || decisionStems.contains(where: word.hasPrefix)
  }

  /// A decision's condition is the step that checks, its action the step after it; the same pair several
  /// times in one episode is one observation with all counts. A check that nothing follows decides nothing.
  ///
  /// - Parameter names: marked in the words; nil to leave them as they are.
  static func decisionPoints(
    of episode: Episode, names: TaskNames? = nil
  ) -> [PatternObservation] {
    struct Decision: Hashable {
      var condition: String
      var action: String
    }
    var order: [Decision] = []
    var statistics: [Decision: OutcomeStatistics] = [:]
    for (step, next) in zip(episode.steps, episode.steps.dropFirst())
    where isDecision(step) && !step.action.isEmpty {
      let decision = Decision(
        condition: names?.marking(ShortText.line(step.action)) ?? ShortText.line(step.action),
        action: names?.marking(next) ?? ShortText.step(next))
      guard !decision.action.isEmpty else { continue }
      if statistics[decision] == nil { order.append(decision) }
      if next.succeeded {
        statistics[decision, default: OutcomeStatistics()].successCount += 1
      } else {
        statistics[decision, default: OutcomeStatistics()].failureCount += 1
      }
    }
    return order.map { decision in
      let counts = statistics[decision] ?? OutcomeStatistics()
      return observation(
        of: episode,
        .decisionPoint(
          condition: decision.condition, action: decision.action, outcomeStatistics: counts),
        success: counts.successRate)
    }
  }
}

extension OutcomeStatistics {
  /// The share that ended well; 0 when there is none.
  public var successRate: Double {
    let count = Double(successCount) + Double(failureCount)
    return count == 0 ? 0 : Double(successCount) / count
  }
}
