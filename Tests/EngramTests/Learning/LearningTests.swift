import Engram
import Episodes
import Sync
import Testing

@Suite("Learning from episodes")
struct LearningTests {
  @Test("A completed episode has its reflection and salient features, and waits to be learned from")
  func completion() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let completed = try await memory.experience()
      #expect(completed.reflection?.successes == ["done: done", "all 3 steps succeeded"])
      #expect(completed.salientFeatures == ["tool: grep", "tool: edit", "tool: pytest"])
      #expect(try await memory.episode(id: completed.id) == completed)
      #expect(completed.patternIDs.isEmpty)
      #expect(try await memory.pendingEpisodeCount() == 1)
    }
  }

  @Test("Learning names the patterns in the episode, and its reward counts those that are new")
  func learning() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let first = try await memory.experience()
      let second = try await memory.experience()
      let report = try await memory.learnPending()
      #expect(report.episodes == 2)
      #expect(report.newPatterns == 2)
      #expect(report.mergedOccurrences == 2)
      #expect(report.embeddedPatterns == 2)
      #expect(try await memory.pendingEpisodeCount() == 0)

      let learned = try #require(try await memory.episode(id: first.id))
      var asked = first
      asked.reward = nil
      #expect(learned.reward == RewardFormula.reward(for: asked, newPatternCount: 2))
      #expect(learned.patternIDs.count == 2)
      let again = try #require(try await memory.episode(id: second.id))
      #expect(again.patternIDs == learned.patternIDs)
      #expect(again.reward == second.reward)

      let patterns = try await memory.patterns()
      #expect(Set(patterns.map(\.id)) == Set(learned.patternIDs))
      #expect(patterns.map(\.occurrenceCount) == [2, 2])
      #expect(patterns.allSatisfy { $0.evidence == [first.id, second.id] })
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("The same experience a thousand times is one pattern of each kind, seen a thousand times")
  func thousandTimes() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      for start in stride(from: 0, to: 1000, by: 250) {
        _ = try await memory.importEpisodes(
          (start..<start + 250).map { LearningEpisodes.episode("e\($0)") })
      }
      #expect(try await memory.learnPending().episodes == 1000)
      let patterns = try await memory.patterns()
      #expect(
        patterns.map(\.kind.name).sorted { $0.rawValue < $1.rawValue } == [
          .contextPattern, .toolSequence,
        ])
      #expect(patterns.map(\.occurrenceCount) == [1000, 1000])
      #expect(patterns.map(\.successRate) == [1, 1])
    }
  }

  @Test("Two memories on one home that learn at once count every episode once")
  func twoMemories() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    configuration.learning.batchSize = 3
    let memories = [
      try await Memory.open(configuration), try await Memory.open(configuration),
    ]
    _ = try await memories[0].importEpisodes(
      (0..<60).map { LearningEpisodes.episode("e\($0)", domain: "d\($0 % 2)") })
    let reports = try await withThrowingTaskGroup(of: LearningReport.self) { group in
      for memory in memories { group.addTask { try await memory.learnPending() } }
      return try await group.reduce(into: [LearningReport]()) { $0.append($1) }
    }
    #expect(reports.reduce(0) { $0 + $1.episodes } == 60)
    let patterns = try await memories[1].patterns()
    // The context differs by 0.4 · 0.3: the tools are one experience, the contexts are two.
    #expect(patterns.map(\.occurrenceCount).sorted() == [30, 30, 60])
    for pattern in patterns { #expect(Set(pattern.evidence).count == pattern.occurrenceCount) }
    #expect(try await memories[0].pendingEpisodeCount() == 0)
    for memory in memories { await memory.close() }
  }

  @Test("An open memory learns by itself, also what one before it left behind")
  func background() async throws {
    let home = TemporaryHome()
    let first = try await home.open()
    try await first.experience()
    await first.close()
    var configuration = home.configuration()
    configuration.learning.isAutomatic = true
    let memory = try await Memory.open(configuration)
    try await Self.waitUntilLearned(memory, occurrences: 1)
    try await memory.experience()
    try await Self.waitUntilLearned(memory, occurrences: 2)
    await memory.close()
  }

  private static func waitUntilLearned(_ memory: Memory, occurrences: Int) async throws {
    for _ in 0..<1200 {
      let patterns = try await memory.patterns()
      if patterns.map(\.occurrenceCount) == [occurrences, occurrences] { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("nothing was learned within a minute")
  }

  @Test("Namespaces share nothing")
  func namespaces() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await memory.experience(namespace: "one")
      try await memory.experience(namespace: "two")
      try await memory.learnPending()
      #expect(try await memory.patterns(namespace: "one").map(\.occurrenceCount) == [1, 1])
      #expect(try await memory.patterns(namespace: "two").map(\.occurrenceCount) == [1, 1])
      #expect(try await memory.patterns().isEmpty)
      let found = try await memory.searchPatterns(PatternRequest("grep", namespace: "one"))
      #expect(found.count == 2 && found.allSatisfy { $0.pattern.namespace == "one" })
      #expect(try await memory.recommend(PatternRequest("grep")).patterns.isEmpty)
    }
  }

  @Test(
    "A deleted episode leaves the evidence, and a pattern that nothing shows any more goes with it")
  func forgetting() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let first = try await memory.experience()
      let second = try await memory.experience()
      let third = try await memory.experience()
      try await memory.learnPending()
      try await memory.deleteEpisode(first.id)
      #expect(
        try await memory.patterns().map(\.evidence) == [
          [second.id, third.id], [second.id, third.id],
        ])
      #expect(try await memory.patterns().map(\.occurrenceCount) == [2, 2])
      try await memory.deleteEpisode(second.id)
      try await memory.deleteEpisode(third.id)
      #expect(try await memory.patterns().isEmpty)
      #expect(try await memory.searchPatterns(PatternRequest("grep")).isEmpty)
      #expect(try await memory.validateCache().problems == [])
      #expect(try await memory.checkStore() == [])
    }
  }

  @Test("A decision that keeps working becomes a heuristic, of which its episodes know")
  func heuristics() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let first = try await memory.experience(tools: ["check", "restart"])
      try await memory.learnPending()
      #expect(try await memory.heuristics().isEmpty)
      let second = try await memory.experience(tools: ["check", "restart"])
      try await memory.learnPending()
      let heuristic = try #require(try await memory.heuristics().first)
      #expect(heuristic.condition == "use check" && heuristic.action == "restart: use restart")
      #expect(abs(heuristic.confidence - 2.0.squareRoot()) < 1e-12)
      for id in [first.id, second.id] {
        #expect(try await memory.episode(id: id)?.heuristicIDs == [heuristic.id])
      }
      try await memory.deleteEpisode(first.id)
      #expect(try await memory.heuristics().isEmpty)
    }
  }

  @Test("An import that replaces an episode is learned from anew, and counts once")
  func replacement() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var episode = LearningEpisodes.episode("e")
      _ = try await memory.importEpisodes([episode])
      try await memory.learnPending()
      episode.outcome = .failure(reason: "reverted", details: nil)
      _ = try await memory.importEpisodes([episode], policy: .replaceChanged)
      #expect(try await memory.pendingEpisodeCount() == 1)
      try await memory.learnPending()
      let patterns = try await memory.patterns()
      // What failed is no approach to recommend: only the sequence of tools is left.
      #expect(patterns.map(\.kind.name) == [.toolSequence])
      #expect(patterns.map(\.occurrenceCount) == [1])
      #expect(patterns.map(\.successRate) == [0])
    }
  }

  @Test("What was exported with its patterns is not learned from twice")
  func transfer() async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    try await memory.experience()
    try await memory.learnPending()
    let target = TemporaryHome()
    let copy = try await target.open()
    try await memory.exportRecords { record in _ = try await copy.importRecords([record]) }
    #expect(try await copy.pendingEpisodeCount() == 0)
    #expect(try await copy.patterns() == memory.patterns())
    // And the next experience is merged with them.
    try await copy.experience()
    try await copy.learnPending()
    #expect(try await copy.patterns().map(\.occurrenceCount) == [2, 2])
    await memory.close()
    await copy.close()
  }
}
