internal import Episodes

/// The fields of the explanation of a pattern.
enum ExplanationShape {
  private static let score = JSONShape.object(
    .init(
      "how it does on a task",
      ["total", "semantic", "effectiveness", "recency", "success"]
        .map { .required($0, .number("")) } + [.optional("context", .number(""))]))

  static let fields = JSONShape.Fields(
    "the explanation of a pattern",
    [
      .required("pattern", RecordShape.pattern),
      .required("occurrenceWilsonBound", .share, "Of the episodes that show it."),
      .required("appliedWilsonBound", .share, "Of its uses."),
      .required("decay", .share, "What is left of the weight of its use."),
      .required("effectivenessScore", .share, "What its use counts in rankings."),
      .required("recency", .share), .optional("score", score),
      .optional("heuristic", RecordShape.heuristic, "The rule that was made of it."),
      .required("evidence", .list(of: PatternHistory.evidence), "Latest first."),
      .required("reasons", .list(of: .text), "The same in sentences."),
    ])
}
