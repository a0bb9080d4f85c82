import Episodes

import struct Episodes.Tag

/// Episodes for tests.
enum EpisodeSamples {
  static let start = Timestamp("2026-03-02T09:14:05.25Z")!

  static func tag(_ name: String) -> Tag {
    guard let tag = try? Tag(name) else { preconditionFailure("'\(name)' is a tag") }
    return tag
  }

  /// An episode with a value in every field.
  static let full = Episode(
    id: "code-0001", namespace: "team", agentID: "builder-2", sessionID: "s-1",
    taskType: .debugging, taskDescription: "Logins fail \u{1F600}\nevery hour",
    context: TaskContext(
      domain: "web-api", language: "python", framework: "fastapi", complexity: .complex,
      tags: [tag("auth")]),
    startTime: start, endTime: Timestamp("2026-03-02T09:31:40.000000001Z")!,
    steps: [
      ExecutionStep(
        number: 1, timestamp: start, tool: "grep", action: "search",
        parameters: ["pattern": "x", "n": 3, "deep": [1.5, nil, true]],
        result: .success(output: "3 matches"), latency: 0.42, tokensUsed: 310,
        metadata: ["k": "v"]),
      ExecutionStep(
        number: 2, timestamp: start, tool: "pytest", action: "run",
        result: .error(message: "boom"), latency: 8.1),
      ExecutionStep(number: 3, timestamp: start, tool: "http", action: "get", result: .timeout),
      ExecutionStep(number: 4, timestamp: start, tool: "http", action: "get", parameters: nil),
    ],
    outcome: .partialSuccess(verdict: "half", completed: ["a"], failed: ["b", "c"]),
    reward: RewardScore(
      total: 1.25, base: 1, efficiency: 1.1, complexityBonus: 1.2, qualityMultiplier: 0.9,
      learningBonus: 0.1),
    reflection: Reflection(
      successes: ["a"], improvements: ["b"], insights: ["c"], generatedAt: start),
    salientFeatures: ["clock skew"], patternIDs: ["p-1"], heuristicIDs: ["h-1"],
    appliedPatterns: [
      AppliedPattern(patternID: "p-1", effect: .hindered), AppliedPattern(patternID: "p-2"),
    ],
    tags: [tag("jwt")], metadata: ["ticket": "BIL-311", "": "empty name"],
    checkpoints: [
      Checkpoint(
        id: "c-1", episode: "code-0001", stepNumber: 2, timestamp: start, label: "half", note: "n")
    ],
    location: Location(latitude: 52.52, longitude: 13.4), validFrom: start,
    validUntil: Timestamp("2027-01-01")!, supersededBy: "code-0002")

  /// An episode of `steps` steps by one tool, all successful, that took `seconds`.
  static func completed(
    _ outcome: TaskOutcome, seconds: Double = 0, steps: [ExecutionStep] = [],
    complexity: TaskComplexity = .simple
  ) -> Episode {
    Episode(
      id: "e", taskDescription: "x", context: TaskContext(complexity: complexity),
      startTime: start,
      endTime: Timestamp(
        nanosecondsSince1970: start.nanosecondsSince1970 + Int64(seconds * 1_000_000_000)),
      steps: steps, outcome: outcome)
  }

  /// Steps with the given tools; a tool that ends in `!` failed.
  static func steps(_ tools: [String]) -> [ExecutionStep] {
    tools.enumerated().map { index, name in
      let failed = name.hasSuffix("!")
      return ExecutionStep(
        number: index + 1, timestamp: start, tool: failed ? String(name.dropLast()) : name,
        action: "do", result: failed ? .error(message: "no") : .success(output: "yes"))
    }
  }
}
