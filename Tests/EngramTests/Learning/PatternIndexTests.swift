import DurableStore
import Embedders
import Engram
import Episodes
import Synchronization
import Testing

@Suite("Patterns beside the index of episodes")
struct PatternIndexTests {
  @Test(
    "An index holds episodes alone: a search gets as many as it asks for, patterns are found all the same"
  )
  func apart() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    for number in 0..<12 {
      try await memory.experience(
        "use tool\(number)", domain: "d\(number)",
        tools: ["tool\(number)", "edit", "test\(number)"])
    }
    try await memory.learnPending()
    let patterns = try await memory.patterns()
    #expect(patterns.count > 12)
    let request = PatternRequest("use tool3 edit test3", limit: 100)
    let before = try await memory.searchPatterns(request).map(\.pattern)
    #expect(before.count == patterns.count)
    let episodes = try await memory.indexStatus().tailCount
    #expect(try await memory.indexStatus().embeddingCount == episodes)
    let report = try await memory.buildIndex()
    #expect(report.count == episodes)
    let status = try await memory.indexStatus()
    #expect(status.tailCount == 0 && status.embeddingCount == episodes)
    #expect(try await memory.search(SearchRequest("use edit", limit: 12)).hits.count == 12)
    #expect(try await memory.searchPatterns(request).map(\.pattern) == before)
    await memory.close()
    try home.deleteCache()
    memory = try await home.open()
    #expect(try await memory.searchPatterns(request).map(\.pattern) == before)
    #expect(try await memory.search(SearchRequest("use edit", limit: 12)).hits.count == 12)
    await memory.close()
  }

  @Test("However long the texts of patterns are, few bytes of them are embedded at once")
  func boundedBytes() async throws {
    let home = TemporaryHome()
    let embedder = WatchedEmbedder()
    var configuration = home.configuration()
    configuration.embedder = { embedder }
    let memory = try await Memory.open(configuration)
    let long = String(repeating: "x", count: 9000)
    for number in 0..<40 {
      try await memory.experience(
        "use tool\(number)", domain: "d\(number)",
        tools: ["a\(number)" + long, "b\(number)" + long, "c\(number)" + long])
    }
    embedder.calls.withLock { $0.texts = [] }
    try await memory.learnPending()
    let calls = embedder.calls.withLock { $0.texts }
    let byteCounts = calls.map { $0.reduce(0) { $0 + $1.utf8.count } }
    #expect(byteCounts.reduce(0, +) > 1 << 20)
    #expect(byteCounts.allSatisfy { $0 <= 256 << 10 }, "\(byteCounts)")
    await memory.close()
  }

  @Test("The vectors follow what any process learns, imports, moves and forgets")
  func follows() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      func found(_ memory: Memory, _ namespace: String = "default") async throws -> Set<String> {
        let request = PatternRequest("use grep", namespace: namespace, limit: 100)
        return Set(try await memory.searchPatterns(request).map(\.pattern.id))
      }
      func stored(_ namespace: String = "default") async throws -> Set<String> {
        Set(try await memory.patterns(namespace: namespace).map(\.id))
      }
      #expect(try await found(memory).isEmpty)
      let first = try await memory.experience()
      try await memory.learnPending()
      for memory in [memory, other] { #expect(try await found(memory) == stored()) }
      try await other.experience("Ship it", domain: "ci", tools: ["make", "lint", "ship"])
      try await other.learnPending()
      let all = try await stored()
      #expect(all.count == 4)
      for memory in [memory, other] { #expect(try await found(memory) == all) }
      // Without vectors, as of an import.
      var imported = try #require(try await memory.patterns().first)
      imported.id = "imported"
      _ = try await other.importRecords([.pattern(imported, embeddings: [])])
      for memory in [memory, other] {
        #expect(try await found(memory) == all.union(["imported"]))
      }
      try await other.renameNamespace("default", to: "team")
      #expect(try await found(memory).isEmpty)
      #expect(try await found(memory, "team") == stored("team"))
      try await other.forget(ids: [first.id], erasing: false)
      let left = try await stored("team")
      #expect(try await found(memory, "team") == left)
      #expect(left.count < all.count)
      let analogous = try await memory.analogousPatterns(
        PatternRequest(
          "use grep", context: TaskContext(domain: "ci"), namespace: "team", limit: 100))
      #expect(analogous.allSatisfy { $0.pattern.context.domain != "ci" })
      let sequences = try await memory.searchPatterns(
        PatternRequest("use grep", namespace: "team", kind: .toolSequence, limit: 100))
      #expect(
        Set(sequences.map(\.pattern.id))
          == Set(
            try await memory.patterns(namespace: "team", kind: .toolSequence, limit: 100).map(\.id))
      )
      await other.close()
    }
  }

  @Test("A hand-off names the namespace's patterns as they would be recommended, and notes nothing")
  func handoff() async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    try await memory.experience(tools: ["check", "restart"])
    try await memory.experience(tools: ["check", "restart"])
    try await memory.experience(namespace: "other", tools: ["check", "reboot"])
    try await memory.learnPending()
    let task = try await memory.startEpisode(
      NewTask("check and restart", context: TaskContext(domain: "web", language: "python")))
    let pack = try await memory.handoffPack(for: task.id)
    let recommended = try await memory.patterns()
    #expect(Set(pack.patterns.map(\.id)) == Set(recommended.map(\.id)))
    #expect(recommended.allSatisfy { $0.effectiveness.timesRetrieved == 0 })
    #expect(pack.heuristics.map(\.namespace) == ["default"])
    let ranked = try await memory.recommend(
      PatternRequest(task.taskDescription, context: task.context))
    #expect(pack.patterns.map(\.id) == ranked.patterns.map(\.pattern.id))
    await memory.close()

    var configuration = home.configuration()
    configuration.embedder = {
      throw EngramError(code: .modelMissing, message: "there is no model here")
    }
    let without = try await Memory.open(configuration)
    let plain = try await without.handoffPack(for: task.id)
    #expect(Set(plain.patterns.map(\.id)) == Set(recommended.map(\.id)))
    #expect(plain.heuristics == pack.heuristics)
    await without.close()
  }
}
