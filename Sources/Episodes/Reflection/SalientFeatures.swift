/// The few facts of an episode that are worth remembering, as short texts (source: the domain rules of the
/// project): key decisions, tools, errors and how they were overcome, critical insights.
public enum SalientFeatures {
  public static let featuresMax = 12
  private static let decisionsMax = 3
  private static let toolsMax = 3
  private static let errorsMax = 3

  /// The features of `episode`, each beginning with its kind: `decision: …`, `tool: …`, `error: …`,
  /// `insight: …`.
  ///
  /// - Complexity: quadratic in the number of steps, for the stretches of ``PatternExtraction``.
  public static func features(of episode: Episode) -> [String] {
    var features: [String] = []
    for observation in PatternExtraction.decisionPoints(of: episode).prefix(decisionsMax) {
      guard case .decisionPoint(let condition, let action, _) = observation.kind else { continue }
      features.append("decision: \(condition) ⇒ \(action)")
    }
    // A stable sort: of tools used equally often the first comes first.
    let tools = ReflectionRules.usesByTool(of: episode.steps).enumerated().sorted {
      ($1.element.uses.count, $0.offset) < ($0.element.uses.count, $1.offset)
    }
    for (_, entry) in tools.prefix(toolsMax) {
      let count = entry.uses.count == 1 ? "" : " × \(entry.uses.count)"
      let failed = entry.uses.failed == 0 ? "" : ", \(entry.uses.failed) failed"
      features.append("tool: \(entry.tool)\(count)\(failed)")
    }
    features += errors(of: episode)
    switch episode.outcome {
    case .failure(let reason, _):
      features.append("insight: failed because \(ShortText.line(reason))")
    case .abstained(_, _, let signals) where !signals.isEmpty:
      features.append("insight: stop on \(ShortText.line(signals.joined(separator: ", ")))")
    case .partialSuccess(_, _, let failed) where !failed.isEmpty:
      features.append("insight: hard part: \(ShortText.line(failed.joined(separator: ", ")))")
    default: break
    }
    return Array(features.prefix(featuresMax))
  }

  /// The classes of errors in the order in which they came, each with its way out if there was one.
  private static func errors(of episode: Episode) -> [String] {
    var fixes: [String: String] = [:]
    for recovery in PatternExtraction.recoveries(in: episode.steps)
    where fixes[recovery.error.name] == nil {
      fixes[recovery.error.name] = recovery.steps.map(ShortText.step).joined(separator: ", then ")
    }
    var seen: Set<String> = []
    let errors = episode.steps.compactMap { ErrorSignature(of: $0) }
      .filter { seen.insert($0.name).inserted }
    return errors.prefix(errorsMax).map { error in
      "error: \(error.shown)"
        + (fixes[error.name].map { ", fixed by \($0)" } ?? ", not overcome")
    }
  }
}
