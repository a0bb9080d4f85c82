internal import Episodes

/// The fields of records that are not episodes, as they are shown.
enum RecordShape {
  static let pattern = JSONShape.object(
    .init(
      "a pattern",
      [
        .required("id", .text), .required("namespace", .text), .required("kind", kind),
        .required("context", EpisodeShape.context),
        .required("successRate", .share), .required("occurrenceCount", .whole),
        .required("effectiveness", effectiveness),
        .required("evidence", .list(of: .text), "Ids of episodes that show it."),
        .required("createdAt", .timestamp), .required("updatedAt", .timestamp),
      ]))

  private static let kind = JSONShape.object(
    .init(
      "the kind of a pattern",
      [
        .required("name", .choice(PatternKind.Name.allCases.map(\.rawValue))),
        .optional("tools", .list(of: .text), "Of toolSequence."),
        .optional("averageLatency", .number(""), "Of toolSequence, in seconds."),
        .optional("condition", .text, "Of decisionPoint."),
        .optional("action", .text, "Of decisionPoint."),
        .optional(
          "outcomeStatistics",
          .object(
            .init(
              "how often it ended how",
              [.required("successCount", .whole), .required("failureCount", .whole)])),
          "Of decisionPoint."),
        .optional("errorType", .text, "Of errorRecovery."),
        .optional("recoverySteps", .list(of: .text), "Of errorRecovery."),
        .optional("features", .list(of: .text), "Of contextPattern."),
        .optional("recommendedApproach", .text, "Of contextPattern."),
      ]))

  private static let effectiveness = JSONShape.object(
    .init(
      "what using it did",
      [
        .required("timesRetrieved", .whole), .required("timesApplied", .whole),
        .required("successWhenApplied", .whole), .required("failureWhenApplied", .whole),
        .required("averageRewardDelta", .number("")), .optional("lastUsed", .timestamp),
      ]))

  static let heuristic = JSONShape.object(
    .init(
      "a heuristic",
      [
        .required("id", .text), .required("namespace", .text), .required("condition", .text),
        .required("action", .text), .required("confidence", .number("")),
        .required("evidence", .list(of: .text)), .required("createdAt", .timestamp),
        .required("updatedAt", .timestamp),
      ]))

  static let relationship = JSONShape.object(
    .init(
      "a relation",
      [
        .required("id", .text), .required("from", .text), .required("to", .text),
        .required("kind", .choice(RelationshipKind.allCases.map(\.rawValue))),
        .optional("reason", .text), .optional("priority", .whole),
        .required("createdAt", .timestamp),
      ]))

  static let node = JSONShape.object(
    .init(
      "an episode with links",
      [
        .required("id", .text), .required("title", .text),
        .optional("outcome", .choice(TaskOutcome.Kind.allCases.map(\.rawValue))),
        .required("depth", .whole),
      ]))

  static let handoff = JSONShape.object(
    .init(
      "a handoff",
      [.required("goal", .text)]
        + ["stepsDone", "whatWorked", "whatFailed", "salientFacts", "nextSteps"]
        .map { .required($0, .list(of: .text)) }
        + [
          .required("patterns", .list(of: pattern)),
          .required("heuristics", .list(of: heuristic)),
        ]))

  static let tag = JSONShape.object(
    .init(
      "a tag",
      [
        .required("tag", .text), .required("episodes", .whole), .required("finished", .whole),
        .required("successes", .whole), .optional("successRate", .share),
        .optional("averageReward", .number("")), .required("lastUsed", .timestamp),
      ]))

  static let namespace = JSONShape.object(
    .init(
      "a namespace",
      [
        .required("namespace", .text), .required("episodes", .whole),
        .required("unfinished", .whole), .required("agents", .whole),
        .required("sessions", .whole), .required("firstStart", .timestamp),
        .required("lastStart", .timestamp),
      ]))

  static let statistics = JSONShape.object(
    .init(
      "statistics",
      [.required("home", .text)]
        + [
          "schemaVersion", "episodes", "steps", "patterns", "heuristics", "embeddings",
          "databaseBytes", "lastChange", "cachedEpisodes", "cachedEmbeddings", "cacheBytes",
          "cacheHits", "cacheMisses", "segments", "segmentBytes", "watermark",
        ].map { .required($0, .whole) }))

  static let sync = JSONShape.object(
    .init(
      "a sync",
      [
        .required("trigger", .text), .required("startedOver", .flag),
        .required("isFull", .flag), .required("seconds", .number("")),
      ]
        + [
          "changeCount", "batchCount", "episodesWritten", "patternsWritten", "heuristicsWritten",
          "embeddingsWritten", "recordsDeleted", "segmentsCarried", "segmentBytes",
          "segmentsDropped", "changesTrimmed", "watermark",
        ].map { .required($0, .whole) }))
}
