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
        + wholes(["failuresInARow", "probesSucceeded", "openedCount", "refusedCount"])
        + [
          .optional("secondsUntilProbe", .number("")),
          .optional(
            "lastFailure",
            .object(
              .init(
                "a failure",
                [
                  .required("kind", .text), .required("message", .text),
                  .required("secondsAgo", .number("")),
                ]))),
        ]))

  private static let waits: [JSONShape.Field] = [
    .required("waitSeconds", .number("")), .required("waitSecondsMax", .number("")),
  ]

  private static let readers = JSONShape.object(
    .init(
      "connections that read",
      wholes([
        "connectionsMax", "active", "idle", "opening", "waiting", "acquiredCount", "waitCount",
        "timedOutCount", "openedCount", "openFailureCount", "retiredCount",
      ]) + waits))

  private static let writer = JSONShape.object(
    .init(
      "the connection that writes",
      wholes([
        "waiting", "writeCount", "committedCount", "failedCount", "timedOutCount",
        "cancelledCount", "transactionCount", "writesATransactionMax", "reopenedCount",
      ]) + waits))

  private static let statements = JSONShape.object(
    .init(
      "what was done since it was opened",
      wholes(["statementsExecuted", "statementsPrepared", "requests"])
        + [
          .required("readers", readers), .optional("writer", writer),
          .required("reads", operations), .required("snapshots", operations),
          .required("writes", operations), .optional("readBreaker", breaker),
          .optional("writeBreaker", breaker),
        ]))

  static let store = JSONShape.Fields(
    "the durable store",
    [
      .required("isReachable", .flag), .required("pingSeconds", .number("")),
      .optional("problem", .text), .required("storeID", .text),
      .required("sqliteVersion", .text), .optional("fileBytes", .whole),
      .optional("logBytes", .whole), .required("statements", statements),
    ] + wholes(["schemaVersion", "pageBytes", "pageCount", "freePageCount"]))

  private static let activity = JSONShape.object(
    .init(
      "what happened in the cache",
      wholes([
        "reads", "hits", "misses", "writes", "deletes", "evictions", "expirations",
        "damagedValues",
      ]) + [.optional("hitRate", .share, "Left out before the first read.")]))

  static let cache = JSONShape.Fields(
    "the cache",
    [.required("path", .text)]
      + wholes([
        "items", "episodes", "patterns", "heuristics", "embeddings", "segments", "episodesMax",
        "episodeBytes", "episodeBytesMax", "recordBytes", "segmentBytes", "recordFileBytes",
        "segmentFileBytes", "readersPeak", "readersMax", "watermark",
      ]) + [
        .optional("compressionLevel", .whole), .optional("dictionary", .whole),
        .required("process", activity), .required("total", activity),
      ])

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
