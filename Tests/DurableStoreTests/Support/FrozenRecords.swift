import Episodes

@testable import DurableStore

/// What the fixtures of every version hold: one of each kind, with every field set.
enum FrozenRecords {
  static let episodes: [Episode] = {
    var full = Samples.episode("full", steps: 3, text: "Fix the flaky login test")
    full.namespace = "team-a"
    full.agentID = "agent-1"
    full.sessionID = "session-1"
    full.taskType = .debugging
    full.context = TaskContext(
      domain: "web", language: "swift", framework: "vapor", complexity: .complex,
      tags: [tag("auth")])
    full.endTime = Timestamp("2026-03-02T09:31:40.000000001Z")
    full.steps[1].result = .error(message: "1 failed")
    full.steps[2].result = .timeout
    full.steps[2].tokensUsed = 812
    full.steps[2].metadata = ["try": "2"]
    full.outcome = .success(verdict: "raised the timeout", artifacts: ["login_test.swift"])
    full.reward = RewardScore(
      total: 1.25, base: 1, efficiency: 1.1, complexityBonus: 1.2, qualityMultiplier: 0.9,
      learningBonus: 0.1)
    full.reflection = Reflection(
      successes: ["looked first"], improvements: ["fewer steps"], insights: ["timeouts are short"],
      generatedAt: Samples.time)
    full.salientFeatures = ["timeout"]
    full.patternIDs = ["pattern"]
    full.heuristicIDs = ["heuristic"]
    full.appliedPatterns = [AppliedPattern(patternID: "pattern", effect: .helped)]
    full.tags = [tag("flaky"), tag("über_tag")]
    full.metadata = ["priority": "3", "owner": "it's me"]
    full.checkpoints = [
      Checkpoint(
        id: "checkpoint", episode: "full", stepNumber: 2, timestamp: Samples.time,
        label: "half way",
        note: "tests are red")
    ]
    full.location = Location(latitude: 48.8566, longitude: 2.3522)
    full.validFrom = Timestamp("2026-01-01")
    full.validUntil = Timestamp("2027-01-01")
    full.supersededBy = "plain"
    return [full, Samples.episode("plain", steps: 0), Samples.episode("other", text: "日本語 task")]
  }()

  static let embedding = Samples.embedding("full")
  static let pattern = Samples.pattern("pattern")
  static let heuristic = Heuristic(
    id: "heuristic", condition: "a test is flaky", action: "look at its timeouts", confidence: 0.9,
    evidence: ["full"], createdAt: Samples.time, updatedAt: Samples.time)
  static let relationship = Relationship(
    id: "relationship", from: "full", to: "plain", kind: .dependsOn, reason: "same module",
    priority: 2, createdAt: Samples.time)

  static func store(in store: DurableStore) async throws {
    try await store.insert(
      episodes.map { NewEpisode($0, embeddings: $0.id == "full" ? [embedding] : []) })
    try await store.put(pattern, embeddings: [Samples.embedding("pattern", kind: .pattern)])
    try await store.put(heuristic)
    // As earlier versions let it in: from one namespace to another.
    try await store.write(
      """
      INSERT INTO relationships (id, from_id, to_id, kind, reason, priority, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """,
      [
        .text(relationship.id), .text(relationship.from), .text(relationship.to),
        .text(relationship.kind.rawValue), SQLValue(relationship.reason),
        SQLValue(relationship.priority), .integer(relationship.createdAt.nanosecondsSince1970),
      ])
  }

  private static func tag(_ name: String) -> Tag {
    guard let tag = try? Tag(name) else { preconditionFailure("'\(name)' is no tag") }
    return tag
  }
}
