internal import Episodes

extension OpenRequest {
  /// What an outcome was told by.
  enum Basis: String {
    case interrupted, rejected, problem, noAnswer, failedSteps, thanked, answered
  }

  private static let actionsMax = 20

  /// How the request ended, by the first of these rules that holds; nil while it has not.
  ///
  /// 1. The user interrupted it: a failure.
  /// 2. The user's next words reject it (``UserReaction``): a failure.
  /// 3. The agent could not go on, such as for an error of the model's server: a failure.
  /// 4. No answer came: unfinished, or, where another request came before one, a partial success of no parts,
  ///    which stands for what cannot be told.
  /// 5. The last steps failed, and the user did not say thanks: a partial success, with what worked and what did
  ///    not.
  /// 6. A success whose verdict is the answer.
  ///
  /// - Parameters:
  ///   - next: the words of the request after it.
  ///   - folder: of the session.
  func outcome(
    next: String?, folder: String?
  ) -> (outcome: TaskOutcome, basis: Basis)? {
    let words = next.map { ShortText.line($0, countMax: 200) }
    if isInterrupted {
      return (.failure(reason: "the user interrupted it", details: words ?? answer), .interrupted)
    }
    let reaction = next.flatMap { UserReaction.of($0) }
    if reaction == .rejects {
      return (
        .failure(reason: "the user's next words reject it: " + (words ?? ""), details: answer),
        .rejected
      )
    }
    if let problem {
      return (.failure(reason: "the agent could not go on: " + problem, details: nil), .problem)
    }
    guard let answer, next != nil || answerIsFinal != false else {
      guard next != nil else { return nil }
      return (
        .partialSuccess(
          verdict: "unknown: the next request came before an answer", completed: [], failed: []),
        .noAnswer
      )
    }
    let failing = steps.reversed().prefix { !$0.succeeded }.reversed()
    if !failing.isEmpty, reaction != .thanks {
      return (
        .partialSuccess(
          verdict: answer,
          completed: steps.filter(\.succeeded).suffix(Self.actionsMax).map(ShortText.step),
          failed: failing.suffix(Self.actionsMax).map(ShortText.step)), .failedSteps
      )
    }
    return (
      .success(verdict: answer, artifacts: artifacts(in: folder)),
      reaction == .thanks ? .thanked : .answered
    )
  }
}
