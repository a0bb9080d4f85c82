/// The fields of an episode in the import format, at every level.
package enum EpisodeShape {
  package static let episode = JSONShape.object(
    .init(
      "an episode",
      [
        .optional("id", .text), .optional("namespace", .text), .optional("agentID", .text),
        .optional("sessionID", .text),
        .optional("taskType", .choice(TaskType.allCases.map(\.rawValue))),
        .required("taskDescription", .text), .optional("context", context),
        .optional("startTime", .timestamp), .optional("endTime", .timestamp),
        .optional("steps", .list(of: step)), .optional("outcome", outcome),
        .optional("reward", reward), .optional("reflection", reflection),
        .optional("salientFeatures", .list(of: .text)),
        .optional("patternIDs", .list(of: .text)), .optional("heuristicIDs", .list(of: .text)),
        .optional("appliedPatterns", .list(of: appliedPattern)),
        .optional("tags", .list(of: .tag)), .optional("metadata", .textMap),
        .optional("checkpoints", .list(of: checkpoint)), .optional("location", location),
        .optional("validFrom", .timestamp), .optional("validUntil", .timestamp),
        .optional("supersededBy", .text),
      ]))

  package static let context = JSONShape.object(
    .init(
      "a context",
      [
        .optional("domain", .sized(1...Identifier.charactersMax)), .optional("language", .text),
        .optional("framework", .text),
        .optional("complexity", .choice(TaskComplexity.allCases.map(\.rawValue))),
        .optional("tags", .list(of: .tag)),
      ]))

  package static let step = JSONShape.object(
    .init(
      "a step",
      [
        .optional("number", .whole), .optional("timestamp", .timestamp),
        .optional("tool", .text), .optional("action", .text), .optional("parameters", .any),
        .optional("result", result), .optional("latency", .number(" of seconds")),
        .optional("tokensUsed", .whole), .optional("metadata", .textMap),
      ]))

  package static let result = JSONShape.variants(
    "a result",
    [
      "success": [.optional("output", .text)], "error": [.optional("message", .text)],
      "timeout": [],
    ])

  package static let outcome = JSONShape.variants(
    "an outcome",
    [
      "success": [.optional("verdict", .text), .optional("artifacts", .list(of: .text))],
      "partialSuccess": [
        .optional("verdict", .text), .optional("completed", .list(of: .text)),
        .optional("failed", .list(of: .text)),
      ],
      "failure": [.optional("reason", .text), .optional("details", .text)],
      "abstained": [
        .optional("reason", .text), .optional("stoppedAtStep", .count(0...Int.max)),
        .optional("signals", .list(of: .text)),
      ],
    ])

  package static let reward = JSONShape.object(
    .init(
      "a reward",
      [
        "total", "base", "efficiency", "complexityBonus", "qualityMultiplier", "learningBonus",
      ].map { .required($0, .number("")) }))

  package static let reflection = JSONShape.object(
    .init(
      "a reflection",
      [
        .required("successes", .list(of: .text)), .required("improvements", .list(of: .text)),
        .required("insights", .list(of: .text)), .required("generatedAt", .timestamp),
      ]))

  package static let appliedPattern = JSONShape.object(
    .init(
      "an applied pattern",
      [
        .required("patternID", .text),
        .optional("effect", .choice(AppliedPattern.Effect.allCases.map(\.rawValue))),
      ]))

  package static let checkpoint = JSONShape.object(
    .init(
      "a checkpoint",
      [
        .required("id", .text), .required("episode", .text), .required("stepNumber", .whole),
        .required("timestamp", .timestamp), .required("label", .text), .optional("note", .text),
      ]))

  package static let location = JSONShape.object(
    .init(
      "a location",
      [
        .required("lat", .bounded(-90...90, " degrees north")),
        .required("lon", .bounded(-180...180, " degrees east")),
      ]))
}
