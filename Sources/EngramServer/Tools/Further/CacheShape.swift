internal import Episodes

/// The fields of checks of the cache.
enum CacheShape {
  private static func wholes(_ names: [String]) -> [JSONShape.Field] {
    names.map { .required($0, .whole) }
  }

  static let validation = JSONShape.object(
    .init(
      "a validation of the cache",
      wholes([
        "lastChange", "watermark", "episodesInStore", "episodesInCache", "embeddingsInStore",
        "embeddingsInCache", "patternsInStore", "patternsInCache", "heuristicsInStore",
        "heuristicsInCache", "segmentsInStore", "segmentsInCache", "staleEpisodes",
        "stalePatterns", "orphanedEmbeddings", "damagedValues", "indexFaults",
      ]) + [
        .required("isLatestPresent", .flag),
        .required(
          "checks",
          .list(
            of: .object(
              .init(
                "a comparison",
                [
                  .required("name", .text), .required("isPassed", .flag),
                  .required("found", .text),
                ])))),
        .required("problems", .list(of: .text), "Empty when all is well."),
      ]))

  static let health = JSONShape.object(
    .init(
      "the cache's bytes",
      wholes([
        "episodes", "patterns", "heuristics", "embeddings", "segments", "damagedValues",
        "indexFaults",
      ]) + [
        .required("damagedSegments", .list(of: .whole)),
        .required("problems", .list(of: .text), "Empty when all is well."),
        .required(
          "mendedAtOpening", .list(of: .text), "What was wrong when the memory was opened."),
        .required("isRepaired", .flag),
      ]))
}
