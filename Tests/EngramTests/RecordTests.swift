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

  @Test("What people change while it is told stays")
  func meanwhile() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.recordEpisodes([episode(steps: 1)])
      // Not each time does one come between the reading and the writing of the other.
      for steps in 2...40 {
        let tag = try Tag("round-\(steps)")
        async let told = memory.recordEpisodes([episode(steps: steps)])
        async let changed = memory.updateEpisode("a", EpisodeChanges(tags: [tag]))
        let (summary, _) = try await (told, changed)
        #expect(summary.updated == 1)
        let stored = try #require(try await memory.episode(id: "a"))
        #expect(stored.steps.count == steps && stored.tags == [tag])
      }
    }
  }

  @Test("Of many that tell the same at once each episode is counted once, whoever was first")
  func counts() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      for round in 0..<5 {
        let batch = (0..<4).map { episode("e\(round)-\($0)", steps: 2, outcome: success) }
        let summaries = try await withThrowingTaskGroup(of: RecordSummary.self) { group in
          for _ in 0..<4 { group.addTask { try await memory.recordEpisodes(batch) } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(summaries.map(\.added).reduce(0, +) == 4)
        for summary in summaries { #expect(summary.added + summary.unchanged == 4, "\(summary)") }
      }
      // One that is told twice at once is added, and goes on.
      let twice = try await memory.recordEpisodes([
        episode("twice", steps: 1), episode("once", steps: 1), episode("twice", steps: 2),
      ])
      #expect(twice.added == 2 && twice.updated == 1 && twice.unchanged == 0)
      #expect(try await memory.episode(id: "twice")?.steps.count == 2)
    }
  }

  @Test("The last to tell has told all, in whatever order they come")
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
