import DurableStore
import Episodes
import Foundation
import Synchronization
import Testing

@testable import Engram

/// What is written, forgotten and learned on both sides while a namespace moves.
@Suite("Moves between shards")
struct ShardMoveTests {
  private struct Cut: Error {}

  /// Two shards, with eight episodes of namespace `a` in the east that belong to the west now.
  private func withMove(
    _ body: (ShardedMemory, _ east: Memory, _ west: Memory) async throws -> Void
  ) async throws {
    let homes = [TemporaryHome(), TemporaryHome()]
    func open(_ shard: String) throws -> ShardedMemory {
      var configurations: [String: MemoryConfiguration] = [:]
      for (name, home) in zip(["east", "west"], homes) {
        configurations[name] = home.configuration()
        let now = StepClock().now()
        configurations[name]?.now = { now }
      }
      return try ShardedMemory(
        ShardMap(named: ["a": shard], spread: ["east", "west"]), configurations)
    }
    var sharded = try open("east")
    let old = try await sharded.memory(ofShard: "east")
    for number in 0..<8 {
      let id = try await old.startEpisode(
        NewTask("move the invoice \(number)", namespace: "a", id: "a\(number)")
      ).id
      for tool in ["search", "edit", "verify"] {
        try await old.logStep(
          NewStep(tool: tool, action: "verify the sum", result: .success(output: "done")), in: id)
      }
      if number > 1 {
        try await old.completeEpisode(id, outcome: .success(verdict: "moved", artifacts: []))
      }
    }
    try await old.relate("a3", to: "a4", kind: .dependsOn)
    _ = try await old.learnPending()
    await sharded.close()
    sharded = try open("west")
    try await body(
      sharded, sharded.memory(ofShard: "east"), sharded.memory(ofShard: "west"))
    await sharded.close()
  }

  private func ids(_ memory: Memory) async throws -> Set<String> {
    Set(
      try await memory.episodes(matching: EpisodeFilter(namespace: "a"), limit: 100).episodes
        .map(\.id))
  }

  private let all = Set((0..<8).map { "a\($0)" })

  @Test("What is written to the old shard while its namespace moves is moved as well")
  func writtenMeanwhile() async throws {
    try await withMove { sharded, east, west in
      let first = try #require(try await east.store.episode(id: "a7"))
      let rounds = Mutex(0)
      let report = try await sharded.move("a", from: "east", to: "west") { step in
        switch step {
        case .copied:
          guard rounds.withLock({ $0 == 0 }) else { return }
          try await east.addTags([Tag("late")], to: "a2")
          _ = try await east.checkpoint("a0", label: "half-way")
        case .compared:
          let round = rounds.withLock { rounds in
            rounds += 1
            return rounds
          }
          guard round == 1 else { return }
          // After both sides were found to be the same.
          try await east.addTags([Tag("later")], to: "a3")
          try await east.completeEpisode("a1", outcome: .failure(reason: "late", details: nil))
          var new = first
          new.id = "a8"
          new.taskDescription = "written by a node with an old map"
          try await east.store.insert([NewEpisode(new)])
          try await east.relate("a5", to: "a6", kind: .follows)
        }
      }
      #expect(rounds.withLock { $0 } == 2)
      #expect(report.episodes == 9 && report.relationships == 2)
      #expect(try await ids(east).isEmpty)
      #expect(try await ids(west) == all.union(["a8"]))
      let moved = Dictionary(
        uniqueKeysWithValues: try await west.store.episodes(ids: Array(all)).map { ($0.id, $0) })
      #expect(moved["a2"]?.tags == [try Tag("late")])
      #expect(moved["a3"]?.tags == [try Tag("later")])
      #expect(moved["a0"]?.checkpoints.map(\.label) == ["half-way"])
      #expect(moved["a1"]?.outcome == .failure(reason: "late", details: nil))
      #expect(moved["a1"]?.reward != nil)
      #expect(try await west.relationships(inNamespace: "a").count == 2)
      #expect(try await west.checkStore().isEmpty)
    }
  }

  @Test("What both sides have changed is named, and stays")
  func changedOnBothSides() async throws {
    try await withMove { sharded, east, west in
      let error = await #expect(throws: EngramError.self) {
        try await sharded.move("a", from: "east", to: "west") { step in
          guard case .copied = step else { return }
          try await east.addTags([Tag("here")], to: "a2")
          try await west.addTags([Tag("there")], to: "a2")
        }
      }
      #expect(error?.code == .conflict && error?.message.contains("'a2'") == true)
      #expect(try await ids(east) == all)
      #expect(try await west.store.episode(id: "a2")?.tags == [try Tag("there")])
      // Made alike, it moves.
      try await east.removeTags([Tag("here")], from: "a2")
      try await east.addTags([Tag("there")], to: "a2")
      #expect(try await sharded.moveNamespace("a", from: "east").episodes == 8)
      #expect(try await ids(west) == all)
    }
  }

  @Test("What is forgotten on either side while a namespace moves comes back on neither")
  func forgottenMeanwhile() async throws {
    try await withMove { sharded, east, west in
      // Before; a copy under another id is kept out as well.
      var before = try #require(try await east.store.episode(id: "a7"))
      try await east.forget(ids: ["a7"], erasing: false)
      // A move that is cut off, and what is forgotten until it goes on.
      await #expect(throws: EngramError.self) {
        try await sharded.move("a", from: "east", to: "west") { step in
          guard case .compared = step else { return }
          throw Cut()
        }
      }
      #expect(try await ids(west) == all.subtracting(["a7"]))
      try await east.forget(ids: ["a6"], erasing: false)
      try await west.forget(ids: ["a5"], erasing: false)
      let rounds = Mutex(0)
      try await sharded.move("a", from: "east", to: "west") { step in
        guard rounds.withLock({ $0 == 0 }) else { return }
        switch step {
        case .copied: try await east.forget(ids: ["a4"], erasing: false)
        case .compared:
          rounds.withLock { $0 += 1 }
          try await east.forget(ids: ["a3"], erasing: false)
          try await west.forget(ids: ["a2"], erasing: false)
        }
      }
      #expect(try await ids(east).isEmpty)
      #expect(try await ids(west) == ["a0", "a1"])
      let gone = (2..<8).map { "a\($0)" }
      #expect(try await Set(west.store.forgottenIDs(among: gone)) == Set(gone))
      #expect(try await west.patterns(namespace: "a").isEmpty)
      // Nothing brings them back.
      var records: [StoredRecord] = []
      for id in ["a7", "copy"] {
        before.id = id
        records.append(.episode(before, embeddings: []))
      }
      let summary = try await west.importRecords(records)
      #expect(summary.forgotten == 2 && summary.episodes == 0)
      #expect(try await west.checkStore().isEmpty)
    }
  }

  @Test("What was forgotten in the new shard long ago is moved there all the same")
  func forgottenLongAgo() async throws {
    try await withMove { sharded, east, west in
      let episode = try #require(try await east.store.episode(id: "a7"))
      var other = episode
      other.namespace = "a"
      _ = try await west.importRecords([.episode(other, embeddings: [])])
      try await west.forget(ids: ["a7"], erasing: false)
      #expect(try await sharded.moveNamespace("a", from: "east").episodes == 8)
      #expect(try await ids(west) == all)
    }
  }

  @Test("A pattern or a link that is another one in the new shard keeps everything where it is")
  func otherContent() async throws {
    try await withMove { sharded, east, west in
      let pattern = try #require(try await east.patterns(namespace: "a").first)
      var other = pattern
      other.kind = .errorRecovery(errorType: "of another", recoverySteps: ["retry"])
      try await west.store.put(other)
      let refused = await #expect(throws: EngramError.self) {
        try await sharded.moveNamespace("a", from: "east")
      }
      #expect(refused?.code == .conflict && refused?.message.contains(pattern.id) == true)
      #expect(try await ids(east) == all)
      #expect(try await west.pattern(id: pattern.id) == other)
      try await west.store.deletePatterns(ids: [pattern.id])

      // The episodes are there by now, and so is the link.
      let link = try #require(try await east.relationships(inNamespace: "a").first)
      try await west.store.updateRelationship(id: link.id, reason: "another", priority: 3)
      let unlike = await #expect(throws: EngramError.self) {
        try await sharded.moveNamespace("a", from: "east")
      }
      #expect(unlike?.code == .conflict && unlike?.message.contains(link.id) == true)
      #expect(try await ids(east) == all)
      try await west.store.updateRelationship(
        id: link.id, reason: link.reason, priority: link.priority)
      #expect(try await sharded.moveNamespace("a", from: "east").relationships == 1)
      #expect(try await west.relationships(inNamespace: "a") == [link])
    }
  }

  @Test("Patterns, and recommendations with the feedback on them, are as they were")
  func learned() async throws {
    try await withMove { sharded, east, west in
      var request = PatternRequest("move the invoice", namespace: "a")
      request.likenessMin = 0
      let recommended = try await east.recommend(request)
      let pattern = try #require(recommended.patterns.first?.pattern.id)
      let second = try await east.recommend(request)
      let report = try await sharded.move("a", from: "east", to: "west") { step in
        guard case .copied = step else { return }
        // Feedback that comes when the recommendation was copied.
        guard try await east.recommendation(id: recommended.id)?.items.first?.effect == nil else {
          return
        }
        try await east.recordFeedback(.helped, on: pattern, in: recommended.id)
      }
      #expect(report.recommendations == 2)
      let moved = try #require(try await west.recommendation(id: recommended.id))
      #expect(moved.items.first { $0.patternID == pattern }?.effect == .helped)
      #expect(try await west.recommendation(id: second.id) != nil)
      #expect(try await west.pattern(id: pattern)?.effectiveness.timesApplied == 1)
      #expect(try await east.recommendation(id: recommended.id) == nil)
      #expect(try await east.patterns(namespace: "a").isEmpty)
    }
  }

  @Test("Of the old shard only the rows of the namespace are read")
  func rowsOfTheNamespace() async throws {
    try await withMove { _, east, _ in
      var other = try #require(try await east.store.episode(id: "a7"))
      other.id = "b1"
      other.namespace = "b"
      var second = other
      second.id = "b2"
      try await east.store.insert([NewEpisode(other), NewEpisode(second)])
      try await east.relate("b1", to: "b2", kind: .follows)
      for (namespace, episodes) in [("a", all), ("b", ["b1", "b2"])] {
        let records = Mutex<[StoredRecord]>([])
        try await east.exportRecords(namespace: namespace) { record in
          records.withLock { $0.append(record) }
        }
        var found: Set<String> = []
        var links = 0
        for record in records.withLock({ $0 }) {
          switch record {
          case .episode(let episode, _), .learned(let episode, _): found.insert(episode.id)
          case .pattern(let pattern, _): #expect(pattern.namespace == namespace)
          case .heuristic(let heuristic): #expect(heuristic.namespace == namespace)
          case .relationship: links += 1
          }
        }
        #expect(found == episodes && links == 1)
      }
    }
  }
}
