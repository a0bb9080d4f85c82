internal import Episodes

/// The fields of a map of episodes.
enum MapShape {
  static let fields = JSONShape.Fields(
    "a map of episodes",
    [
      .required("model", .text), .required("episodeCount", .whole, "How many there are to show."),
      .required("explainedVariance", .list(of: .number("")), "Of x and of y, 0 to 1."),
      .required(
        "points",
        .list(
          of: .object(
            .init(
              "a point",
              [
                .required("id", .text), .required("x", .number(""), "-1 to 1."),
                .required("y", .number(""), "-1 to 1."), .required("domain", .text),
                .required("title", .text, "The task; cut where it is long."),
                .optional(
                  "outcome", .choice(TaskOutcome.Kind.allCases.map(\.rawValue))),
              ]))), "In the order in which they were stored."),
    ])
}
