internal import Engram
internal import Episodes

/// What a search found.
struct SearchOutput: Encodable {
  struct Hit: Encodable {
    var score: Double
    /// Nil where no meanings were compared.
    var similarity: Double?
    /// Left out where it is not so.
    var isWeak: Bool?
    /// Left out where it was not asked for, or the score is one number.
    var parts: ScoreParts?
    var episode: EpisodeSummary
  }

  /// By what it was searched, which may be less than was asked for.
  var mode: RetrievalMode
  var note: String?
  var hits: [Hit]

  private static let parts = JSONShape.Fields(
    "the parts of a score", ScoreParts().named.map { .required($0.name, .number("")) })

  static let fields = JSONShape.Fields(
    "what a search found",
    [
      .required(
        "mode", .choice(RetrievalMode.allCases.map(\.rawValue)), "By what it was searched."),
      .optional("note", .text, "Why less was done than was asked for."),
      .required(
        "hits",
        .list(
          of: .object(
            .init(
              "a hit",
              [
                .required("score", .number(""), "Orders the hits of one search; higher is better."),
                .optional("similarity", .number(""), "Of the meanings, -1 to 1."),
                .optional(
                  "isWeak", .flag, "Most likely no answer: neither meaning nor words fit."),
                .optional(
                  "parts", .object(parts), "What the score is the sum of, where that was asked for."
                ),
                .required("episode", EpisodeSummary.shape),
              ]))), "Best first."),
    ])
}
