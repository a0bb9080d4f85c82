internal import DurableStore
internal import Engram
internal import Episodes

/// A pattern with what it rests on, and how it did over time.
struct PatternHistory: Encodable {
  var pattern: Pattern
  var summary: String
  var successBound: Double
  var appliedBound: Double
  var effectiveness: Double
  var reasons: [String]
  var evidence: [PatternExplanation.Evidence]
  var events: [PatternEvent]

  init(_ explanation: PatternExplanation, events: [PatternEvent]) {
    pattern = explanation.pattern
    summary = explanation.pattern.kind.summary
    successBound = explanation.occurrenceWilsonBound
    appliedBound = explanation.appliedWilsonBound
    effectiveness = explanation.effectivenessScore
    reasons = explanation.reasons
    evidence = explanation.evidence
    self.events = events
  }

  private static let outcome = JSONShape.choice(TaskOutcome.Kind.allCases.map(\.rawValue))

  static let evidence = JSONShape.object(
    .init(
      "an episode that shows it",
      [
        .required("id", .text), .required("taskDescription", .text),
        .optional("outcome", outcome), .optional("reward", .number("")),
        .required("startTime", .timestamp),
      ]))

  static let fields = JSONShape.Fields(
    "the history of a pattern",
    [
      .required("pattern", RecordShape.pattern),
      .required("summary", .text, "The pattern in words."),
      .required("successBound", .share, "Of the episodes that show it: Wilson's lower bound."),
      .required("appliedBound", .share, "The same of its uses."),
      .required("effectiveness", .share, "What its use counts in rankings."),
      .required("reasons", .list(of: .text), "The same in sentences."),
      .required("evidence", .list(of: evidence), "Latest first."),
      .required(
        "events",
        .list(
          of: .object(
            .init(
              "a recommendation or use",
              [
                .required("time", .timestamp), .required("task", .text),
                .optional("episodeID", .text),
                .optional(
                  "effect", .choice(AppliedPattern.Effect.allCases.map(\.rawValue)),
                  "Left out where nobody has said."),
              ]))), "Latest first."),
    ])
}
