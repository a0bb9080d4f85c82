internal import Episodes

/// How an episode ended, as an agent tells it: an agent that abstains need not say at which step.
struct OutcomeArguments: Decodable {
  private var told: TaskOutcome
  /// Whether the outcome depends on how many steps there are.
  let needsStepCount: Bool

  private enum CodingKeys: String, CodingKey { case stoppedAtStep }

  init(from decoder: any Decoder) throws {
    told = try TaskOutcome(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    needsStepCount = told.kind == .abstained && !container.contains(.stoppedAtStep)
  }

  /// - Parameter stepCount: the steps of the episode: it was stopped at the last one, where nothing else is told.
  func outcome(stepCount: Int) -> TaskOutcome {
    guard needsStepCount, case .abstained(let reason, _, let signals) = told else { return told }
    return .abstained(reason: reason, stoppedAtStep: stepCount, signals: signals)
  }
}
