internal import DurableStore
internal import Episodes

/// The fields of sums over episodes.
enum AnalyticsShape {
  private static let totals = JSONShape.object(
    .init(
      "sums over episodes",
      ["episodes", "finished", "successes", "partialSuccesses", "failures", "abstentions"]
        .map { .required($0, .whole) }
        + ["successRate", "averageReward", "averageSeconds", "averageSteps"]
        .map { .optional($0, .number("")) }))

  private static let groups = JSONShape.list(
    of: .object(
      .init("a group", [.optional("name", .text), .required("totals", totals)])))

  static let fields = JSONShape.Fields(
    "analytics",
    [
      .required("totals", totals), .required("domains", groups), .required("taskTypes", groups),
      .required("languages", groups),
      .required(
        "periods",
        .list(
          of: .object(
            .init(
              "a stretch of time",
              [.required("start", .timestamp), .required("totals", totals)])))),
      .required("interval", .choice(EpisodeAnalytics.Interval.allCases.map(\.rawValue))),
    ])
}
