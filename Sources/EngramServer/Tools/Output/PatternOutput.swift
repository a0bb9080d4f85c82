internal import Episodes

/// A pattern in short, with its rank.
struct PatternOutput: Encodable {
  var id: String
  var uri: String
  var kind: PatternKind.Name
  /// In words.
  var summary: String
  var domain: String
  var score: Double
  var likeness: Double
  var successRate: Double
  var occurrenceCount: Int
  var timesApplied: Int
  var successWhenApplied: Int
  /// The latest episodes that show it.
  var evidence: [String]

  init(_ ranked: RankedPattern) {
    let pattern = ranked.pattern
    id = pattern.id
    uri = ResourceURI.pattern(pattern.id).description
    kind = pattern.kind.name
    summary = pattern.kind.summary
    domain = pattern.context.domain
    score = ranked.score.total
    likeness = ranked.score.semantic
    successRate = pattern.successRate
    occurrenceCount = pattern.occurrenceCount
    timesApplied = pattern.effectiveness.timesApplied
    successWhenApplied = pattern.effectiveness.successWhenApplied
    evidence = pattern.evidence.suffix(5).reversed()
  }

  static let shape = JSONShape.object(
    .init(
      "a pattern in short",
      [
        .required("id", .text), .required("uri", .text, "The resource that is the whole pattern."),
        .required("kind", .choice(PatternKind.Name.allCases.map(\.rawValue))),
        .required("summary", .text, "The pattern in words."), .required("domain", .text),
        .required("score", .number(""), "From 0 to 1; orders the patterns of one answer."),
        .required("likeness", .number(""), "How like the task it is, 0 to 1."),
        .required("successRate", .number(""), "Of the episodes that show it, 0 to 1."),
        .required("occurrenceCount", .whole, "How many episodes show it."),
        .required("timesApplied", .whole), .required("successWhenApplied", .whole),
        .required("evidence", .list(of: .text), "Ids of the latest episodes that show it."),
      ]))

  static let playbook = JSONShape.object(
    .init(
      "a playbook",
      [
        .required("id", .text, "The recommendationID for give_feedback."),
        .required("matchScore", .number("")), .required("whyRelevant", .text),
        .required("whenToApply", .text), .required("whenNotTo", .text),
        .required(
          "steps",
          .list(
            of: .object(
              .init(
                "a step of a playbook",
                [
                  .required("action", .text), .optional("toolHint", .text),
                  .optional("expected", .text),
                ]))), "In the order in which they should be done."),
        .required("pitfalls", .list(of: .text)), .required("expectedOutcome", .text),
        .required("confidence", .number(""), "0 to 1."),
        .required("supportingIDs", .list(of: .text)),
      ]))
}
