import Cache
import Episodes
import Foundation
import Sync
import Testing

@testable import DurableStore

@Suite("Records carried as rows, without making episodes of them")
struct RowTransferTests {
  private static let texts = ["", "plain", "two\nlines \"quoted\" \\ /", "Grüße 漢字 🦉", "a\u{0}b"]

  private static let outcomes: [TaskOutcome?] = [
    nil, .success(verdict: "done", artifacts: []),
    .success(verdict: texts[3], artifacts: ["a.swift", texts[2]]),
    .partialSuccess(verdict: "half", completed: ["one"], failed: ["two", ""]),
    .failure(reason: "no", details: nil), .failure(reason: "no", details: ""),
    .abstained(reason: "unsure", stoppedAtStep: 3, signals: ["slow"]),
  ]

  /// Every field both with and without a value.
  private func episode(_ number: Int) throws -> Episode {
    func has(_ bit: Int) -> Bool { number >> bit & 1 == 1 }
    let text = Self.texts[number % Self.texts.count]
    var episode = Samples.episode("e\(number)", text: "task \(text)", second: number)
    episode.namespace = "team-\(number % 3)"
    episode.agentID = has(0) ? "agent" : nil
    episode.sessionID = has(1) ? "session-\(number)" : nil
    episode.taskType = TaskType.allCases[number % TaskType.allCases.count]
    episode.context = TaskContext(
      domain: "web", language: has(2) ? "swift" : nil, framework: has(3) ? "vapor" : nil,
      complexity: TaskComplexity.allCases[number % 3],
      tags: has(4) ? [try Tag("auth"), try Tag("slow")] : [])
    episode.steps = (0..<number % 4).map { step in
      ExecutionStep(
        number: step + 1, timestamp: Samples.time, tool: "tool", action: "act \(text)",
        parameters: has(step)
          ? .object([
            "text": .string(text), "list": .array([.integer(1), .number(0.5), .null]),
            "in": .object(["deep": .bool(true)]),
          ]) : .object([:]),
        result: [.success(output: text), .error(message: text), .timeout, nil][
          (number + step) % 4],
        latency: Double(step) / 3, tokensUsed: has(step) ? 1000 * step : nil,
        metadata: has(step + 1) ? ["k\(step)": text, "other": ""] : [:])
    }
    episode.outcome = Self.outcomes[number % Self.outcomes.count]
    if episode.outcome != nil { episode.endTime = episode.startTime }
    if has(5) {
      episode.reward = RewardScore(
        total: 1.25, base: 1, efficiency: 0.1, complexityBonus: 1.1, qualityMultiplier: 0.9,
        learningBonus: 0)
    }
    if has(0) {
      episode.reflection = Reflection(
        successes: ["quick"], improvements: [], insights: [text, "more"],
        generatedAt: Samples.time)
    }
    episode.salientFeatures = has(1) ? (has(2) ? [] : ["one", text]) : nil
    episode.patternIDs = has(2) ? ["p1", "p2"] : []
    episode.heuristicIDs = has(3) ? ["h1"] : []
    episode.appliedPatterns = has(6) ? [AppliedPattern(patternID: "p1", effect: .helped)] : []
    episode.tags = has(1) ? [try Tag("flaky")] : []
    episode.metadata = has(4) ? ["place": text, "empty": ""] : [:]
    episode.location = has(3) ? Location(latitude: -12.5, longitude: 99) : nil
    episode.validFrom = has(2) ? Samples.time : nil
    episode.validUntil = has(5) ? Samples.time : nil
    episode.supersededBy = has(6) ? "e0" : nil
    return episode
  }

  @Test(
    "A filled cache holds every episode and embedding as the store does", arguments: [1, 7, 100])
  func same(batchSize: Int) async throws {
    try await Rig.with { rig in
      let episodes = try (0..<140).map { try episode($0) }
      try await rig.store.insert(
        episodes.map { NewEpisode($0, embeddings: [Samples.embedding($0.id, value: 0.3)]) })
      for id in ["e3", "e120"] {
        try await rig.store.put(
          Checkpoint(
            id: "c-\(id)", episode: id, stepNumber: 0, timestamp: Samples.time, label: "here"))
      }
      let stored = try await rig.store.episodes(ids: episodes.map(\.id))
      #expect(stored.count == 140)
      var configuration = SyncConfiguration(batchSize: batchSize, replayedChangesMax: 0)
      configuration.transactionBytesMax = 20_000
      let report = try await rig.synchronizer(configuration).run()
      #expect(report.isFull && report.episodesWritten == 140 && report.embeddingsWritten == 140)
      let cached = try rig.records.episodes(ids: episodes.map(\.id))
      for (cached, stored) in zip(cached, stored) { #expect(cached == stored) }
      #expect(try rig.records.episodeIDs() == (0..<140).reversed().map { "e\($0)" })
      let validation = try await rig.synchronizer().validate()
      #expect(validation.problems == [])
      let embeddings = try await rig.store.embeddings(after: 0, limit: 1000)
      for stored in embeddings {
        #expect(try rig.records.embedding(id: UInt64(stored.id)) == stored.embedding)
      }
    }
  }

  @Test(
    "What other programs wrote in their own way is carried all the same, and nonsense is refused")
  func foreignRows() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<6))
      for sql in [
        // White space, and a field twice, of which the last counts.
        #"UPDATE steps SET parameters = ' {"a": 1, "a" : 2} ' WHERE episode = 2"#,
        #"UPDATE episodes SET tags = '[ "auth" ]', metadata = '{"k": "1", "k": "2"}' WHERE id = 'e2'"#,
        "UPDATE episodes SET task_description = CAST(x'61ff62' AS TEXT) WHERE id = 'e3'",
        #"UPDATE steps SET result_kind = 'error', result_text = NULL WHERE episode = 5"#,
      ] { try await rig.store.write(sql) }
      let configuration = SyncConfiguration(replayedChangesMax: 0)
      #expect(try await rig.synchronizer(configuration).run().isFull)
      let ids = (0..<6).map { "e\($0)" }
      let stored = try await rig.store.episodes(ids: ids)
      #expect(stored[2].metadata == ["k": "2"])
      let cached = try rig.records.episodes(ids: ids)
      for (cached, stored) in zip(cached, stored) { #expect(cached == stored) }
      let validation = try await rig.synchronizer().validate()
      #expect(validation.problems == [])

      try await rig.store.write("UPDATE episodes SET task_type = 'cooking' WHERE id = 'e4'")
      await #expect(throws: DurableStoreError.self) {
        try await rig.synchronizer(configuration).refill()
      }
    }
  }
}
