import DurableStore
import Engram
import Episodes
import Foundation
import Sync
import Testing

@Suite("Forgetting")
struct ForgettingTests {
  private func episode(_ id: String, _ text: String, namespace: String = "default") -> Episode {
    Episode(
      id: id, namespace: namespace, sessionID: "s-\(id)", taskDescription: text,
      startTime: Timestamp(nanosecondsSince1970: 1_770_000_000_000_000_000))
  }

  @Test(
    "What was forgotten is in no search, listing, tag or cache, and an import does not bring it back"
  )
  func staysAway() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let other = try await home.open()
      let kept = episode("kept", "raise the timeout of the login test")
      var gone = episode("gone", "zanzibarquokka raise the timeout of the refund test")
      gone.tags = [try Episodes.Tag("secret")]
      _ = try await memory.importEpisodes([kept, gone])
      #expect(try await other.search(SearchRequest("zanzibarquokka refund")).hits.count == 2)
      let records = try await exported(memory)

      let preview = try await memory.forget(ids: ["gone"], isDryRun: true)
      #expect(preview.isDryRun && preview.removed.episodes == 1 && preview.ids == ["gone"])
      #expect(try await memory.episode(id: "gone") != nil)
      let report = try await memory.forget(ids: ["gone", "gone"])
      #expect(report.removed.episodes == 1 && report.isErased && report.problem == nil)
      // Again is no error.
      #expect(try await memory.forget(ids: ["gone"]).removed.episodes == 0)

      for memory in [memory, other] {
        #expect(try await memory.episode(id: "gone") == nil)
        #expect(
          try await memory.search(SearchRequest("zanzibarquokka refund")).hits.map(\.episode.id)
            == ["kept"])
        #expect(try await memory.episodes().episodes.map(\.id) == ["kept"])
        #expect(try await memory.tags() == [])
        try await memory.sync()
        #expect(try await memory.validateCache().problems == [])
      }
      for name in ["engram.db", "engram.db-wal"] {
        let data = FileManager.default.contents(atPath: home.file(name)) ?? Data()
        #expect(data.range(of: Data("zibarquokka".utf8)) == nil, "\(name)")
      }

      let summary = try await other.importRecords(records)
      #expect(summary.forgotten == 1 && summary.alreadyStored == 1 && summary.episodes == 0)
      #expect(try await memory.importEpisodes([gone]).forgotten == 1)
      await expectError(.conflict) {
        _ = try await memory.startEpisode(NewTask("again", id: "gone"))
      }
      try await memory.sync()
      #expect(try await memory.episode(id: "gone") == nil)
      let back = try await other.importRecords(records, readmitting: true)
      #expect(back.episodes == 1 && back.forgotten == 0)
      #expect(try await memory.episode(id: "gone") == gone)
      #expect(
        try await memory.search(SearchRequest("zanzibarquokka refund")).hits.first?.episode.id
          == "gone")
      await other.close()
    }
  }

  @Test("What was learned from it does not come back with an export made before, in whatever id")
  func learned() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      var gone = LearningEpisodes.episode("gone1", tools: ["curl", "restart"])
      gone.steps[0].action = "check whether zanzibarquokka is sealed"
      gone.steps[1].action = "write the zanzibarquokka key"
      var twin = gone
      twin.id = "twin1"
      let kept = LearningEpisodes.episode("kept2", domain: "ci", tools: ["make", "ship"])
      _ = try await memory.importEpisodes([gone, kept])
      try await memory.learnPending()
      let heuristic = Heuristic(
        id: "rule", condition: "zanzibarquokka is sealed", action: "write it", confidence: 1,
        evidence: ["gone1", "kept2"], createdAt: gone.startTime, updatedAt: gone.startTime)
      _ = try await memory.importRecords([.heuristic(heuristic)])
      let records = try await exported(memory)
      try await memory.forget(ids: ["gone1"], erasing: false)
      let before = try await memory.patterns()
      let heuristics = try await memory.heuristics()
      #expect(!before.isEmpty)

      // Of the heuristic nothing is known but what it says.
      let wanted = records.filter { if case .heuristic = $0 { false } else { true } }
      let summary = try await memory.importRecords(wanted)
      #expect(summary.episodes == 0 && summary.patterns == 0 && summary.forgotten == 1)
      #expect(summary.forgottenLearning > 0)
      #expect(try await memory.importEpisodes([twin]).forgotten == 1)
      #expect(try await memory.patterns() == before)
      #expect(try await memory.heuristics() == heuristics)
      #expect(!before.contains { "\($0)".contains("zanzibarquokka") })
      let found = try await memory.searchPatterns(PatternRequest("zanzibarquokka key"))
      #expect(!found.contains { "\($0.pattern)".contains("zanzibarquokka") })
      // An empty home that forgot it takes the rest.
      try await TemporaryHome.withMemory { other, _ in
        _ = try await other.importEpisodes([gone])
        try await other.forget(ids: ["gone1"], erasing: false)
        let summary = try await other.importRecords(records)
        #expect(summary.episodes == 1 && summary.patterns == before.count)
        #expect(try await other.heuristics().isEmpty)
        let back = try await other.importRecords(records, readmitting: true)
        #expect(back.episodes == 1 && back.forgottenLearning == 0 && back.heuristics == 1)
      }
    }
  }

  @Test("Forgetting while another memory's cache is behind leaves nothing there after its sync")
  func behind() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    var memory = try await Memory.open(configuration)
    _ = try await memory.importEpisodes([episode("a", "first task"), episode("b", "second task")])
    configuration.now = { Timestamp(nanosecondsSince1970: 1_780_000_000_000_000_000) }
    let other = try await Memory.open(configuration)
    #expect(try await other.episode(id: "a") != nil)
    try await memory.forget(ids: ["a"], erasing: false)
    await memory.close()
    #expect(try await other.search(SearchRequest("first task")).hits.map(\.episode.id) == ["b"])
    await other.close()
    memory = try await Memory.open(configuration)
    #expect(try await memory.episodes().episodes.map(\.id) == ["b"])
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
  }

  @Test("A filter says what is forgotten, in batches, and none at all is refused")
  func filtered() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes(
        (0..<DurableStore.upkeepBatchMax + 5).map {
          episode("e\($0)", "task \($0)", namespace: "team")
        } + [episode("kept", "a task")])
      await expectError(.invalidInput) { _ = try await memory.forget(matching: EpisodeFilter()) }
      await expectError(.notFound) { _ = try await memory.forget(ids: ["kept", "none"]) }
      #expect(try await memory.episode(id: "kept") != nil)
      let filter = EpisodeFilter(namespace: "team")
      let count = DurableStore.upkeepBatchMax + 5
      let preview = try await memory.forget(matching: filter, isDryRun: true)
      #expect(preview.removed.episodes == count && preview.ids.count == ForgetReport.idsMax)
      #expect(
        try await memory.forget(matching: filter, erasing: false).removed.episodes == count)
      #expect(try await memory.namespaces().map(\.namespace) == ["default"])
      await expectError(.notFound) { _ = try await memory.deleteNamespace("team") }
      #expect(try await memory.deleteNamespace("default").removed.episodes == 1)
      #expect(try await memory.readmit(ids: ["kept", "none"]) == 1)
    }
  }

  private func exported(_ memory: Memory) async throws -> [StoredRecord] {
    let records = Locked<[StoredRecord]>([])
    try await memory.exportRecords { record in records.append(record) }
    return records.value
  }
}

/// A list that several tasks append to.
final class Locked<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: Value

  init(_ value: Value) { stored = value }

  var value: Value { lock.withLock { stored } }

  func append<Element>(_ element: Element) where Value == [Element] {
    lock.withLock { stored.append(element) }
  }
}
