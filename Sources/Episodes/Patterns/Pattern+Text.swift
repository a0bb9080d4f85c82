extension PatternKind {
  /// The pattern in one line of words: what is shown, embedded and searched.
  public var summary: String {
    switch self {
    case .toolSequence(let tools, _): tools.joined(separator: " → ")
    case .decisionPoint(let condition, let action, _):
      SlottedText.shown("\(condition) ⇒ \(action)")
    case .errorRecovery(let errorType, let steps):
      "if \(ErrorSignature(errorType).shown) happens: "
        + SlottedText.shown(steps.joined(separator: "; "))
    case .contextPattern(let features, let approach):
      "\(features.joined(separator: ", ")): \(approach)"
    }
  }
}

extension Pattern {
  /// The text whose embedding stands for the pattern.
  public var embeddedText: String {
    let what =
      switch kind {
      case .toolSequence(let tools, _): "Use the tools " + tools.joined(separator: ", then ")
      case .decisionPoint(let condition, let action, _):
        SlottedText.shown("\(condition). Then \(action)")
      case .errorRecovery(let errorType, let steps):
        "When \(ErrorSignature(errorType).shown) occurs: "
          + SlottedText.shown(steps.joined(separator: ", then "))
      case .contextPattern(_, let approach): "What worked: \(approach)"
      }
    let place = [context.domain, context.language, context.framework].compactMap { $0 }
    return ([what] + [(place + context.tags.map(\.name)).joined(separator: " ")])
      .joined(separator: ". ")
  }
}
