internal import Episodes

/// The fields that tell how the parts of a memory are.
enum HealthShape {
  private static func wholes(_ names: [String]) -> [JSONShape.Field] {
    names.map { .required($0, .whole) }
  }

  private static let operations = JSONShape.object(
    .init(
      "calls of one kind",
      wholes(["count", "failures", "retries"])
        + ["p50Microseconds", "p99Microseconds", "microsecondsMax"].map {
          .required($0, .number(""))
        }))

  private static let breaker = JSONShape.object(
    .init(
      "a circuit breaker",
      [.required("state", .choice(["closed", "open", "halfOpen"]))]
        + wholes(["failuresInARow", "openedCount", "refusedCount"])))

  private static let readers = JSONShape.object(
    .init("connections", wholes(["connectionsMax", "active", "idle", "waiting", "acquiredCount"])))

  static let store = JSONShape.Fields(
    "the durable store",
    [
      .required("isReachable", .flag), .required("pingSeconds", .number("")),
      .optional("problem", .text), .required("schemaVersion", .whole),
      .required("sqliteVersion", .text), .optional("fileBytes", .whole),
      .optional("logBytes", .whole),
      .required(
        "statements",
        .object(
          .init(
            "what was done since it was opened",
            [
              .required("readers", readers), .required("reads", operations),
              .required("writes", operations), .optional("readBreaker", breaker),
              .optional("writeBreaker", breaker),
            ]))),
    ])

  private static let activity = JSONShape.object(
    .init(
      "what happened in the cache",
      wholes(["reads", "hits", "misses", "writes", "evictions", "expirations", "damagedValues"])
        + [.optional("hitRate", .share, "Left out before the first read.")]))

  static let cache = JSONShape.Fields(
    "the cache",
    wholes([
      "items", "episodes", "patterns", "heuristics", "embeddings", "segments", "episodesMax",
      "episodeBytes", "episodeBytesMax", "recordFileBytes", "segmentFileBytes", "watermark",
    ]) + [.required("process", activity), .required("total", activity)])

  static let sync = JSONShape.Fields(
    "the syncs of this process",
    [.required("isStoreAway", .flag)]
      + wholes(["syncCount", "failureCount", "failuresInARow", "watermark"])
      + [
        .required("retrySeconds", .number("")), .optional("problem", .text),
        .optional("lastTrigger", .text),
      ])

  static let index = JSONShape.Fields(
    "the index",
    [
      .required(
        "segments",
        .list(
          of: .object(
            .init(
              "a segment",
              [.required("model", .text)] + wholes(["id", "count", "byteCount"])))))
    ] + wholes(["tailCount", "deadCount", "embeddingCount"]))
}
