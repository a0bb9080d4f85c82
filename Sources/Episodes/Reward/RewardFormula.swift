#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reward of a completed episode: a deterministic function of what is recorded.
///
/// `total = base · efficiency · complexity · quality + learning`, at least 0.
public enum RewardFormula {
  /// The reward of `episode`, or nil while it has no outcome.
  ///
  /// - Parameter newPatternCount: how many patterns the episode was the first to show.
  /// - Complexity: linear in the number of steps and artifacts.
  public static func reward(for episode: Episode, newPatternCount: Int = 0) -> RewardScore? {
    guard let outcome = episode.outcome else { return nil }
    let base = base(of: outcome)
    let efficiency = efficiency(
      seconds: max(0, (episode.endTime ?? episode.startTime).seconds(since: episode.startTime)),
      stepCount: episode.steps.count)
    let complexity = complexityBonus(episode.context.complexity)
    let quality = qualityMultiplier(outcome: outcome, steps: episode.steps)
    let learning = learningBonus(
      outcome: outcome, steps: episode.steps, newPatternCount: newPatternCount)
    return RewardScore(
      total: max(0, base * efficiency * complexity * quality + learning), base: base,
      efficiency: efficiency, complexityBonus: complexity, qualityMultiplier: quality,
      learningBonus: learning)
  }

  /// 1 for a success, the completed share for a partial one, 0 for a failure. Abstaining earns 0.3,
  /// and 0.5 more when it came by step 3, falling linearly to 0.3 less at step 10.
  static func base(of outcome: TaskOutcome) -> Double {
    switch outcome {
    case .success: return 1
    case .partialSuccess(_, let completed, let failed):
      let count = completed.count + failed.count
      return count == 0 ? 0.5 : Double(completed.count) / Double(count)
    case .failure: return 0
    case .abstained(_, let stoppedAtStep, _):
      let progress = clamp((Double(stoppedAtStep) - 3) / 7, 0, 1)
      return 0.3 + 0.5 - 0.8 * progress
    }
  }

  /// `clamp(½(0.5 + e^(−seconds/120)) + ½(0.5 + e^(−steps/20)), 0.5, 1.5)`.
  static func efficiency(seconds: Double, stepCount: Int) -> Double {
    let time = 0.5 + exp(-seconds / 120)
    let steps = 0.5 + exp(-Double(stepCount) / 20)
    return clamp(0.5 * time + 0.5 * steps, 0.5, 1.5)
  }

  static func complexityBonus(_ complexity: TaskComplexity) -> Double {
    switch complexity {
    case .simple: 1.0
    case .moderate: 1.1
    case .complex: 1.2
    }
  }

  /// 1 for anything but a success; for a success 1 plus what its artifacts and errors say, 0.5 to 1.5.
  static func qualityMultiplier(outcome: TaskOutcome, steps: [ExecutionStep]) -> Double {
    guard case .success(_, let artifacts) = outcome else { return 1 }
    var quality = 1.0
    let tested = artifacts.contains { artifact in
      let lower = artifact.lowercased()
      return lower.contains("test") || lower.contains("coverage")
    }
    if tested { quality += 0.1 }
    if artifacts.count >= 3 { quality += 0.05 }
    if !steps.isEmpty {
      let failed = steps.count { !$0.succeeded }
      let errorRate = Double(failed) / Double(steps.count)
      if errorRate > 0.3 {
        quality -= 0.2
      } else if errorRate > 0.1 {
        quality -= 0.1
      } else if failed == 0 {
        quality += 0.1
      }
    }
    return clamp(quality, 0.5, 1.5)
  }

  /// At most 0.5; a failure earns none.
  static func learningBonus(
    outcome: TaskOutcome, steps: [ExecutionStep], newPatternCount: Int
  ) -> Double {
    if case .failure = outcome { return 0 }
    var bonus = min(0.3, 0.1 * Double(max(0, newPatternCount)))
    let distinctTools = Set(steps.map(\.tool)).count
    if steps.count >= 3 {
      if distinctTools >= 5 {
        bonus += 0.15
      } else if distinctTools >= 3 {
        bonus += 0.1
      }
    }
    if steps.count >= 5, Double(steps.count(where: \.succeeded)) / Double(steps.count) > 0.9 {
      bonus += 0.2
    }
    let recovered = zip(steps, steps.dropFirst()).contains { !$0.succeeded && $1.succeeded }
    if recovered { bonus += 0.15 }
    return min(0.5, bonus)
  }

  private static func clamp(_ value: Double, _ low: Double, _ high: Double) -> Double {
    min(max(value, low), high)
  }
}
