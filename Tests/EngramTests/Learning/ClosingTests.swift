import Engram
import Episodes
import Synchronization
import Testing

@Suite("Closing while learning")
struct ClosingTests {
  private func configuration(
    _ home: TemporaryHome, _ embedder: WatchedEmbedder, retrySeconds: Double = 0.05
  ) -> MemoryConfiguration {
    var configuration = home.configuration()
    configuration.embedder = { embedder }
    configuration.learning.isAutomatic = true
    configuration.learning.batchSize = 2
    configuration.learning.retrySeconds = retrySeconds
    return configuration
  }

  @Test(
    "When a memory is closed nothing of it is at work, and the next goes on with what is left",
    arguments: [0, 30, 120])
  func closing(milliseconds: Int) async throws {
    let home = TemporaryHome()
    let embedder = WatchedEmbedder()
    let memory = try await Memory.open(configuration(home, embedder))
    _ = try await memory.importEpisodes(
      (0..<12).map { LearningEpisodes.episode("e\($0)", tools: ["grep", "tool\($0)", "edit"]) })
    embedder.set(seconds: 0.1)
    try await Task.sleep(for: .milliseconds(milliseconds))
    await memory.close()
    #expect(embedder.underWay == 0)
    let callCount = embedder.calls.withLock { $0.texts.count }
    try await Task.sleep(for: .milliseconds(200))
    #expect(embedder.calls.withLock { $0.texts.count } == callCount)
    await #expect(throws: EngramError.self) { try await memory.pendingEpisodeCount() }

    let next = try await home.open()
    try await next.learnPending()
    #expect(try await next.pendingEpisodeCount() == 0)
    let shown = Set(try await next.patterns(limit: 1000).flatMap(\.evidence))
    #expect(shown == Set((0..<12).map { "e\($0)" }))
    await next.close()
    await next.close()
  }

  @Test("A memory closes while a call of its own waits for its turn to learn")
  func waiting() async throws {
    let home = TemporaryHome()
    let embedder = WatchedEmbedder()
    let memory = try await Memory.open(configuration(home, embedder))
    _ = try await memory.importEpisodes((0..<6).map { LearningEpisodes.episode("e\($0)") })
    embedder.set(seconds: 0.2)
    async let learned = memory.learnPending()
    try await Task.sleep(for: .milliseconds(20))
    await memory.close()
    _ = try? await learned
    let next = try await home.open()
    try await next.learnPending()
    #expect(try await next.patterns().map(\.occurrenceCount) == [6, 6])
    await next.close()
  }

  @Test("A memory that is used within a closure is closed when the closure throws")
  func using() async throws {
    struct Stop: Error {}
    let home = TemporaryHome()
    var kept: Memory?
    await #expect(throws: Stop.self) {
      try await Memory.using(home.configuration()) { memory in
        kept = memory
        throw Stop()
      }
    }
    let memory = try #require(kept)
    await #expect(throws: EngramError.self) { try await memory.pendingEpisodeCount() }
  }

  @Test("Patterns that could not be embedded are embedded when the embedder is back")
  func embedderAway() async throws {
    let home = TemporaryHome()
    let embedder = WatchedEmbedder()
    var configuration = configuration(home, embedder)
    configuration.learning.isAutomatic = false
    let memory = try await Memory.open(configuration)
    try await memory.experience()
    // Once all were embedded: what comes later must be looked for all the same.
    #expect(try await memory.learnPending().embeddedPatterns == 2)
    try await memory.experience(domain: "mail", tools: ["read", "answer", "archive"])
    embedder.set(isAway: true)
    await #expect(throws: EngramError.self) { try await memory.learnPending() }
    #expect(try await memory.pendingEpisodeCount() == 0)
    #expect(try await memory.patterns().count == 4)
    await #expect(throws: EngramError.self) { try await memory.learnPending() }
    embedder.set(isAway: false)
    #expect(try await memory.learnPending().embeddedPatterns == 2)
    #expect(try await memory.learnPending().embeddedPatterns == 0)
    #expect(try await memory.searchPatterns(PatternRequest("read answer archive")).count == 4)
    await memory.close()
  }

  @Test("The background tries an embedder again that was away, with nothing new to wake it")
  func backgroundRetry() async throws {
    let home = TemporaryHome()
    let embedder = WatchedEmbedder()
    let memory = try await Memory.open(configuration(home, embedder))
    let episode = try await memory.startEpisode(
      NewTask("Fix it", context: TaskContext(domain: "web")))
    for tool in ["grep", "edit"] {
      try await memory.logStep(
        NewStep(tool: tool, action: "use \(tool)", result: .success(output: "")), in: episode.id)
    }
    let imported = LearningEpisodes.episode("e1")
    _ = try await memory.importEpisodes([imported])
    embedder.set(isAway: true)
    try await Task.sleep(for: .milliseconds(100))
    embedder.set(isAway: false)
    for _ in 0..<400 where try await memory.patterns().isEmpty {
      try await Task.sleep(for: .milliseconds(25))
    }
    // A search would embed them itself: what is embedded already is told by what is asked for.
    let texts = try await memory.patterns().map(\.embeddedText)
    #expect(texts.count == 2)
    for _ in 0..<400 where !isEmbedded(texts, embedder) {
      try await Task.sleep(for: .milliseconds(25))
    }
    #expect(isEmbedded(texts, embedder))
    await memory.close()
  }

  private func isEmbedded(_ texts: [String], _ embedder: WatchedEmbedder) -> Bool {
    embedder.calls.withLock { calls in
      Set(texts).isSubset(of: calls.texts.joined()) && !calls.isAway
    }
  }
}
