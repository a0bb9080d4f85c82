import Engram
import Episodes
import Sync
import Testing

@Suite("The life of an episode")
struct LifecycleTests {
  private let done = TaskOutcome.success(
    verdict: "raised the timeout", artifacts: ["login_test.py"])

  @Test("Started, logged and completed, an episode has its steps, outcome and reward")
  func wholeLife() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let started = try await memory.startEpisode(
        NewTask(
          "Fix the flaky login test", type: .debugging,
          context: TaskContext(domain: "web", language: "python", complexity: .complex),
          namespace: "team-a", agentID: "ann", sessionID: "s1", tags: [try Tag("auth")],
          metadata: ["ticket": "SUP-12"], location: Location(latitude: 52.5, longitude: 13.4)))
      #expect(started.outcome == nil && started.endTime == nil)
      #expect(try await memory.episode(id: started.id) == started)
      for number in 1...6 {
        let step = try await memory.logStep(
          NewStep(
            tool: "tool\(number)", action: "action \(number)", parameters: ["n": .integer(2)],
            result: number == 2 ? .error(message: "1 failed") : .success(output: "ok"),
            latency: 0.5, tokensUsed: 10, metadata: ["k": "v"]),
          in: started.id)
        #expect(step.number == number)
        #expect(step.timestamp > started.startTime)
      }
      let completed = try await memory.completeEpisode(started.id, outcome: done)
      #expect(completed.outcome == done)
      #expect(try #require(completed.endTime) > started.startTime)
      #expect(completed.steps.map(\.tool) == (1...6).map { "tool\($0)" })
      var asked = completed
      asked.reward = nil
      #expect(completed.reward == RewardFormula.reward(for: asked))
      #expect(try #require(completed.reward).total > 1)
      #expect(try await memory.episode(id: started.id) == completed)
    }
  }

  @Test("Every write is there when the home is opened again")
  func durable() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    let first = try await memory.startEpisode(NewTask("Fix the build"))
    try await memory.logStep(NewStep(tool: "make", action: "run it"), in: first.id)
    let completed = try await memory.completeEpisode(first.id, outcome: done)
    let second = try await memory.startEpisode(NewTask("Write the report"))
    await memory.close()
    memory = try await home.open()
    #expect(try await memory.episode(id: first.id) == completed)
    #expect(try await memory.episode(id: second.id) == second)
    #expect(try await memory.episodes().episodes.map(\.id) == [second.id, first.id])
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("Steps that many tasks log at once are numbered without a gap")
  func concurrentSteps() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let id = try await memory.startEpisode(NewTask("Count to forty")).id
      let numbers = try await withThrowingTaskGroup(of: [Int].self) { group in
        for task in 0..<8 {
          group.addTask {
            var numbers: [Int] = []
            for step in 0..<5 {
              numbers.append(
                try await memory.logStep(
                  NewStep(tool: "t\(task)", action: "step \(step)"), in: id
                ).number)
            }
            return numbers
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(numbers.sorted() == Array(1...40))
      let steps = try #require(try await memory.episode(id: id)).steps
      #expect(steps.map(\.number) == Array(1...40))
      for task in 0..<8 {
        #expect(
          steps.filter { $0.tool == "t\(task)" }.map(\.action) == (0..<5).map { "step \($0)" })
      }
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("What an episode's state does not allow is refused, and says so")
  func refusals() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let id = try await memory.startEpisode(NewTask("Fix the build", id: "build")).id
      let step = NewStep(tool: "make", action: "run it")
      await expectError(.conflict) {
        _ = try await memory.startEpisode(NewTask("Again", id: id))
      }
      await expectError(.invalidInput) { _ = try await memory.startEpisode(NewTask(" \n")) }
      await expectError(.invalidInput) {
        _ = try await memory.startEpisode(NewTask("x", id: "a b"))
      }
      await expectError(.notFound) { try await memory.logStep(step, in: "unknown") }
      await expectError(.notFound) { try await memory.completeEpisode("unknown", outcome: done) }
      await expectError(.notFound) { try await memory.deleteEpisode("unknown") }
      #expect(try await memory.episode(id: "unknown") == nil)
      await expectError(.invalidInput) {
        try await memory.logStep(NewStep(tool: "t", action: "a", latency: -1), in: id)
      }
      try await memory.completeEpisode(id, outcome: done)
      await expectError(.conflict) { try await memory.logStep(step, in: id) }
      await expectError(.conflict) { try await memory.completeEpisode(id, outcome: done) }
      #expect(try await memory.episode(id: id)?.steps.isEmpty == true)
    }
  }

  @Test("A refusal names the field that is wrong")
  func fieldNames() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let error = await engramError { _ = try await memory.startEpisode(NewTask("")) }
      #expect(error?.message.contains("taskDescription") == true)
    }
  }

  @Test("A clock that was set back still gives an end that is not before the start")
  func clockSetBack() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    let start = Timestamp("2026-03-02T09:14:05Z")!
    configuration.now = { start }
    var memory = try await Memory.open(configuration)
    let id = try await memory.startEpisode(NewTask("Fix the build")).id
    await memory.close()
    configuration.now = { Timestamp("2026-03-01T00:00:00Z")! }
    memory = try await Memory.open(configuration)
    #expect(try await memory.completeEpisode(id, outcome: done).endTime == start)
    await memory.close()
  }

  @Test("A listing pages through all episodes, latest start first")
  func listing() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var random = RandomEpisodes(seed: 3)
      let episodes = random.episodes(25)
      _ = try await memory.importEpisodes(episodes)
      var listed: [Episode] = []
      var cursor: String?
      repeat {
        let page = try await memory.episodes(limit: 10, after: cursor)
        listed += page.episodes
        cursor = page.next
      } while cursor != nil
      #expect(Set(listed.map(\.id)) == Set(episodes.map(\.id)))
      #expect(listed.count == 25)
      #expect(zip(listed, listed.dropFirst()).allSatisfy { $0.startTime >= $1.startTime })
      await #expect(throws: EngramError.self) {
        try await memory.episodes(after: "no cursor")
      }
    }
  }

  @Test("After it is closed a memory throws and does not crash")
  func closed() async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    let id = try await memory.startEpisode(NewTask("Fix the build")).id
    await memory.close()
    await #expect(throws: EngramError.self) { try await memory.episode(id: id) }
    await #expect(throws: EngramError.self) { try await memory.search(SearchRequest("build")) }
    await #expect(throws: EngramError.self) { try await memory.startEpisode(NewTask("Again")) }
  }
}
