import Engram
import Episodes
import Sync
import Testing

@Suite("Episodes that are told again as they go on")
struct RecordTests {
  private func episode(
    _ id: String = "a", steps: Int, outcome: TaskOutcome? = nil
  ) -> Episode {
    let start = Timestamp("2026-03-02T09:00:00Z")!
    let end = Timestamp("2026-03-02T09:10:00Z")!
    return Episode(
      id: id, sessionID: "s", taskDescription: "fix the \(id) parser", startTime: start,
      endTime: outcome == nil ? nil : end,
      steps: (0..<steps).map {
        ExecutionStep(
          number: $0 + 1, timestamp: start, tool: ["read", "edit", "test"][$0 % 3],
          action: "step \($0)", result: .success(output: "ok"), latency: 1)
      }, outcome: outcome)
  }

  private let success = TaskOutcome.success(verdict: "done", artifacts: [])

  @Test("New ones are added, the same again changes nothing, and what went on is updated")
  func growing() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      #expect(try await memory.recordEpisodes([episode(steps: 1)]).added == 1)
      #expect(try await memory.episode(id: "a")?.isFinished == false)
      let before = try await memory.statistics().lastChange
      let again = try await memory.recordEpisodes([episode(steps: 1)])
      #expect(again.unchanged == 1 && again.added == 0 && again.updated == 0)
      #expect(try await memory.statistics().lastChange == before)
      #expect(try await memory.recordEpisodes([episode(steps: 2)]).updated == 1)
      let finished = episode(steps: 6, outcome: success)
      #expect(try await memory.recordEpisodes([finished]).updated == 1)
      let stored = try #require(try await memory.episode(id: "a"))
      #expect(stored.steps == finished.steps && stored.outcome == success)
      #expect(stored.endTime == finished.endTime)
      #expect(stored.reward == RewardFormula.reward(for: finished))
      #expect(stored.reflection?.generatedAt == finished.endTime)
      #expect(stored.salientFeatures?.isEmpty == false)
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("One that is finished when it is first told is as one that was completed")
  func finished() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let told = episode(steps: 6, outcome: success)
      #expect(try await memory.recordEpisodes([told]).added == 1)
      #expect(try await memory.episode(id: "a")?.reward == RewardFormula.reward(for: told))
      #expect(try await memory.pendingEpisodeCount() == 1)
      try await memory.learnPending()
      #expect(try await memory.episode(id: "a")?.patternIDs.isEmpty == false)
    }
  }

  @Test("One that was learned from and went on is learned from anew, and counts once")
  func learned() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let other = TaskOutcome.success(verdict: "done for good", artifacts: [])
      _ = try await memory.recordEpisodes([episode(steps: 6, outcome: success)])
      try await memory.learnPending()
      _ = try await memory.recordEpisodes([episode(steps: 6, outcome: other)])
      try await memory.learnPending()
      let stored = try #require(try await memory.episode(id: "a"))
      #expect(stored.outcome == other && !stored.patternIDs.isEmpty)
      for id in stored.patternIDs {
        #expect(try await memory.pattern(id: id)?.occurrenceCount == 1)
      }
    }
  }

  @Test("A finished one stays so until it is told with an outcome again, and what people set stays")
  func kept() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.recordEpisodes([episode(steps: 2, outcome: success)])
      _ = try await memory.updateEpisode("a", EpisodeChanges(tags: [try Tag("mine")]))
      #expect(try await memory.recordEpisodes([episode(steps: 3)]).unchanged == 1)
      #expect(try await memory.episode(id: "a")?.steps.count == 2)
      let later = episode(steps: 3, outcome: .failure(reason: "rejected", details: nil))
      #expect(try await memory.recordEpisodes([later]).updated == 1)
      let stored = try #require(try await memory.episode(id: "a"))
      #expect(stored.tags == [try Tag("mine")] && stored.steps.count == 3)
      #expect(stored.outcome?.kind == .failure)
    }
  }

  @Test("What is older than what is stored changes nothing")
  func older() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let stored = episode(steps: 3, outcome: success)
      _ = try await memory.recordEpisodes([stored])
      var stale = episode(steps: 1, outcome: .success(verdict: "I will look on", artifacts: []))
      #expect(try await memory.recordEpisodes([stale]).unchanged == 1)
      stale.endTime = Timestamp("2026-03-02T09:05:00Z")!
      stale.steps = stored.steps
      #expect(try await memory.recordEpisodes([stale]).unchanged == 1)
      #expect(try await memory.episode(id: "a")?.outcome == success)
      #expect(try await memory.episode(id: "a")?.steps.count == 3)
      // A copy that was read before the last result came, and ends at the same time.
      var unheard = stored
      unheard.steps[2].result = nil
      unheard.outcome = .success(verdict: "I will look on", artifacts: [])
      #expect(try await memory.recordEpisodes([unheard]).unchanged == 1)
      #expect(try await memory.episode(id: "a")?.steps.allSatisfy { $0.result != nil } == true)
      // Fewer steps, told later, are news.
      stale.endTime = Timestamp("2026-03-02T09:15:00Z")!
      stale.steps.removeLast()
      #expect(try await memory.recordEpisodes([stale]).updated == 1)
    }
  }

  @Test("What people change while it is told stays, and the last to tell has told all")
  func together() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let other = TaskOutcome.success(verdict: "done for good", artifacts: [])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for steps in 1...6 {
          group.addTask {
            let told = episode(steps: steps, outcome: steps == 6 ? other : nil)
            _ = try await memory.recordEpisodes([told])
          }
        }
        try await group.waitForAll()
      }
      #expect(try await memory.episode(id: "a")?.outcome == other)
      #expect(try await memory.episode(id: "a")?.steps.count == 6)
    }
  }

  @Test("What was forgotten stays away")
  func forgotten() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let told = episode(steps: 2, outcome: success)
      _ = try await memory.recordEpisodes([told])
      _ = try await memory.forget(ids: ["a"])
      #expect(try await memory.recordEpisodes([told]).forgotten == 1)
      #expect(try await memory.episode(id: "a") == nil)
    }
  }
}
