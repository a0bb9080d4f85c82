extension PatternExtraction {
  /// How many steps after an error the tool that failed is looked for again.
  static let recoveryWindow = 6

  /// What followed failed steps until they were overcome; one observation for each error and way out of it.
  static func errorRecoveries(
    of episode: Episode, names: TaskNames, success: Double
  ) -> [PatternObservation] {
    var observations: [PatternObservation] = []
    for recovery in recoveries(in: episode.steps) {
      let kind = PatternKind.errorRecovery(
        errorType: ErrorSignature(of: recovery.failed, names: names)?.text ?? recovery.error.text,
        recoverySteps: recovery.steps.map(names.marking))
      if observations.contains(where: { $0.kind == kind }) { continue }
      observations.append(observation(of: episode, kind, success: success))
    }
    return observations
  }

  /// An error and the steps that fixed it.
  struct Recovery {
    var error: ErrorSignature
    var failed: ExecutionStep
    var steps: [ExecutionStep]
  }

  /// The steps that fixed an error are the successful ones from it up to the success of the tool that
  /// failed (edit, then the tests pass), if that comes within ``recoveryWindow`` steps; otherwise the first
  /// success alone.
  static func recoveries(in steps: [ExecutionStep]) -> [Recovery] {
    var recoveries: [Recovery] = []
    var index = 0
    while index < steps.count {
      let failed = steps[index]
      guard let error = ErrorSignature(of: failed) else {
        index += 1
        continue
      }
      let window = steps[(index + 1)..<min(steps.count, index + 1 + recoveryWindow)]
      guard let firstSuccess = window.firstIndex(where: \.succeeded) else {
        index += 1
        continue
      }
      let retried = window.firstIndex { $0.succeeded && $0.tool == failed.tool }
      let end = retried ?? firstSuccess
      recoveries.append(
        Recovery(
          error: error, failed: failed,
          steps: steps[firstSuccess...end].filter(\.succeeded)))
      // A tool that failed again on the way is part of the same way out.
      index = end + 1
    }
    return recoveries
  }
}
