import Episodes
import Foundation
import Testing

@Suite("Episodes as JSON")
struct EpisodeCodableTests {
  private func decode(
    _ text: String, defaults: EpisodeDecodingDefaults? = nil
  ) throws -> Episode {
    let decoder = JSONDecoder()
    if let defaults { decoder.userInfo[EpisodeDecodingDefaults.userInfoKey] = defaults }
    return try decoder.decode(Episode.self, from: Data(text.utf8))
  }

  private func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  @Test("An episode with a value in every field is read back as it was written")
  func fullEpisode() throws {
    try EpisodeSamples.full.validate()
    #expect(try roundTrip(EpisodeSamples.full) == EpisodeSamples.full)
    let bare = Episode(id: "e", taskDescription: "x", startTime: EpisodeSamples.start)
    #expect(try roundTrip(bare) == bare)
  }

  @Test("Every field of an episode is under its own name")
  func fieldNames() throws {
    let data = try JSONEncoder().encode(EpisodeSamples.full)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys) == Set(Episode.fieldNames))
    let step = try #require((object["steps"] as? [[String: Any]])?.first)
    #expect(Set(step.keys) == Set(ExecutionStep.fieldNames))
    let context = try #require(object["context"] as? [String: Any])
    #expect(Set(context.keys) == Set(TaskContext.fieldNames))
    #expect(object["location"] as? [String: Double] == ["lat": 52.52, "lon": 13.4])
  }

  @Test("With defaults only the task description is required")
  func defaults() throws {
    let defaults = EpisodeDecodingDefaults(id: "made-1", startTime: EpisodeSamples.start)
    let episode = try decode("{\"taskDescription\": \"fix it\"}", defaults: defaults)
    #expect(
      episode
        == Episode(id: "made-1", taskDescription: "fix it", startTime: EpisodeSamples.start))
    #expect(throws: DecodingError.self) { try decode("{}", defaults: defaults) }
    #expect(throws: DecodingError.self) {
      try decode("{\"taskDescription\": null}", defaults: defaults)
    }
  }

  @Test("What the text says comes before the defaults, and null counts as absent")
  func overDefaults() throws {
    let defaults = EpisodeDecodingDefaults(id: "made-1", startTime: EpisodeSamples.start)
    let episode = try decode(
      """
      {"id": "own", "startTime": "2020-01-01T00:00:00Z", "taskDescription": "x", "tags": null,
       "context": {"language": null, "domain": null}, "outcome": null, "namespace": null}
      """, defaults: defaults)
    #expect(episode.id == "own")
    #expect(episode.startTime == Timestamp("2020-01-01")!)
    #expect(episode.namespace == "default")
    #expect(episode.context == TaskContext())
    #expect(episode.outcome == nil)
  }

  @Test("Without defaults the id and the start are required")
  func withoutDefaults() throws {
    #expect(throws: DecodingError.self) {
      try decode("{\"taskDescription\": \"x\", \"id\": \"a\"}")
    }
    #expect(throws: DecodingError.self) {
      try decode("{\"taskDescription\": \"x\", \"startTime\": \"2020-01-01\"}")
    }
    let episode = try decode(
      "{\"taskDescription\": \"x\", \"id\": \"a\", \"startTime\": \"2020-01-01\"}")
    #expect(episode.id == "a")
  }

  @Test("Steps without number and time take their place and the start of the episode")
  func drafts() throws {
    let episode = try decode(
      """
      {"id": "a", "startTime": "2020-01-01", "taskDescription": "x", "steps": [
       {"tool": "grep"}, {"timestamp": "2020-01-02", "action": "look"}]}
      """)
    #expect(
      episode.steps == [
        ExecutionStep(
          number: 1, timestamp: Timestamp("2020-01-01")!, tool: "grep", action: ""),
        ExecutionStep(number: 2, timestamp: Timestamp("2020-01-02")!, tool: "", action: "look"),
      ])
    #expect(episode.steps.allSatisfy { !$0.succeeded && $0.parameters == [:] })
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ExecutionStep.self, from: Data("{\"number\": 1}".utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        ExecutionStep.self, from: Data("{\"timestamp\": \"2020-01-01\"}".utf8))
    }
  }

  @Test(
    "Every outcome is read back as it was written",
    arguments: [
      TaskOutcome.success(verdict: "v", artifacts: ["a", "b"]),
      .partialSuccess(verdict: "v", completed: [], failed: ["x"]),
      .failure(reason: "r", details: nil), .failure(reason: "r", details: "d"),
      .abstained(reason: "r", stoppedAtStep: 4, signals: ["s"]),
    ])
  func outcomes(outcome: TaskOutcome) throws {
    #expect(try roundTrip(outcome) == outcome)
    let data = try JSONEncoder().encode(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["kind"] as? String == outcome.kind.rawValue)
  }

  @Test(
    "Every result of a step is read back as it was written",
    arguments: [StepResult.success(output: "o"), .error(message: "m"), .timeout])
  func results(result: StepResult) throws {
    #expect(try roundTrip(result) == result)
  }

  @Test(
    "Every kind of pattern is read back as it was written",
    arguments: [
      PatternKind.toolSequence(tools: ["a", "b"], averageLatency: 0.5),
      .decisionPoint(
        condition: "c", action: "a",
        outcomeStatistics: OutcomeStatistics(successCount: 3, failureCount: 1)),
      .errorRecovery(errorType: "timeout", recoverySteps: ["retry"]),
      .contextPattern(features: ["f"], recommendedApproach: "r"),
    ])
  func patterns(kind: PatternKind) throws {
    let pattern = Pattern(
      id: "p", kind: kind, context: EpisodeSamples.full.context, successRate: 0.75,
      occurrenceCount: 4,
      effectiveness: PatternEffectiveness(
        timesRetrieved: 5, timesApplied: 4, successWhenApplied: 3, failureWhenApplied: 1,
        averageRewardDelta: -0.25, lastUsed: EpisodeSamples.start),
      evidence: ["e-1"], createdAt: EpisodeSamples.start, updatedAt: EpisodeSamples.start)
    #expect(try roundTrip(pattern) == pattern)
    #expect(kind.name.rawValue.isEmpty == false)
  }

  @Test("Unknown kinds are refused")
  func unknownKinds() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TaskOutcome.self, from: Data("{\"kind\": \"won\"}".utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(StepResult.self, from: Data("{\"output\": \"x\"}".utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PatternKind.self, from: Data("{\"name\": \"habit\"}".utf8))
    }
  }
}
