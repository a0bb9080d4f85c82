internal import Episodes

/// The fields of a measurement of the index.
enum IndexMeasurementShape {
  static let fields = JSONShape.Fields(
    "a measurement of the index",
    [
      .required("indexedCount", .whole, "Embeddings in segments."),
      .required("tailCount", .whole, "Embeddings beside them, which are compared one by one."),
      .required("dimension", .whole), .required("queryCount", .whole),
      .required("exactMicrosecondsP50", .number(""), "Of comparing with every embedding."),
      .required(
        "points",
        .list(
          of: .object(
            .init(
              "searches with a list of one size",
              [
                .required("listSize", .whole),
                .required("recallAt10", .share, "Found of the ten true nearest."),
                .required("latencyMicrosecondsP50", .number("")),
                .required("latencyMicrosecondsP99", .number("")),
              ]))), "In rising order of list sizes."),
    ])
}
