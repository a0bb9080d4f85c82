extension PatternExtraction {
  /// The approach that worked in a context: the tools of the successful steps, or the verdict where no tool
  /// was used. A failure starts no pattern, since nothing worked, but counts against a known one.
  ///
  /// A context of which nothing is known is none.
  static func contextPatterns(
    of episode: Episode, outcome: TaskOutcome, success: Double
  ) -> [PatternObservation] {
    let context = episode.context
    guard
      context.domain != TaskContext().domain || context.language != nil
        || context.framework != nil || !context.tags.isEmpty
    else { return [] }
    let tools = tools(of: episode.steps.filter(\.succeeded))
    let approach =
      tools.isEmpty
      ? ShortText.line(outcome.summary)
      : tools.prefix(approachToolsMax).joined(separator: " → ")
        + (tools.count > approachToolsMax ? " → …" : "")
    guard !approach.isEmpty else { return [] }
    return [
      observation(
        of: episode,
        .contextPattern(features: features(of: context), recommendedApproach: approach),
        success: success, startsPattern: success > 0)
    ]
  }

  private static let approachToolsMax = 12

  /// What is known of a context, as `name:value`.
  static func features(of context: TaskContext) -> [String] {
    var features = ["domain:\(context.domain)"]
    if let language = context.language { features.append("language:\(language)") }
    if let framework = context.framework { features.append("framework:\(framework)") }
    features.append("complexity:\(context.complexity.rawValue)")
    return features + context.tags.map { "tag:\($0.name)" }
  }
}
