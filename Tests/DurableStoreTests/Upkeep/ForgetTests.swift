import Episodes
import Foundation
import Testing

@testable import DurableStore

@Suite("Forgetting in the store")
struct ForgetTests {
  @Test("A forgotten episode takes everything of it along, and patterns that stood on it alone")
  func complete() async throws {
    try await withStore { store, _ in
      for id in ["a", "b"] {
        try await store.insert([
          NewEpisode(Samples.episode(id, text: "\(id) task"), embeddings: [Samples.embedding(id)])
        ])
      }
      try await store.put(
        Checkpoint(id: "c", episode: "a", stepNumber: 1, timestamp: Samples.time, label: "here"))
      try await store.insert(
        Relationship(id: "r", from: "a", to: "b", kind: .follows, createdAt: Samples.time))
      var both = Samples.pattern("both")
      both.evidence = ["a", "b", "a2"]
      var alone = Samples.pattern("alone")
      alone.evidence = ["a"]
      var none = Samples.pattern("none")
      none.evidence = []
      for pattern in [both, alone, none] { try await store.put(pattern) }
      try await store.put(
        Heuristic(
          id: "h", condition: "c", action: "a", confidence: 1, evidence: ["a"],
          createdAt: Samples.time, updatedAt: Samples.time))
      try await store.recordAccesses(["a": Samples.time])

      let preview = try await store.forgetPreview(ids: ["a", "unknown"])
      let outcome = try await store.forget(ids: ["a"], at: Samples.time)
      #expect(outcome == preview)
      var expected = ForgetOutcome()
      expected.episodes = 1
      expected.steps = 2
      expected.embeddings = 1
      expected.checkpoints = 1
      expected.relationships = 1
      expected.patterns = 1
      expected.heuristics = 1
      #expect(outcome == expected)
      #expect(try await store.episode(id: "a") == nil)
      #expect(try await store.pattern(id: "both")?.evidence == ["b", "a2"])
      #expect(try await store.pattern(id: "both")?.updatedAt != both.updatedAt)
      #expect(try await store.pattern(id: "alone") == nil)
      #expect(try await store.pattern(id: "none") == none)
      #expect(try await store.heuristic(id: "h") == nil)
      #expect(try await store.relationship(id: "r") == nil)
      #expect(try await store.checkIntegrity() == [])
      let changes = try await store.changes(after: 0, limit: 100)
      #expect(changes.contains { $0.recordID == "a" && $0.operation == .delete })
    }
  }

  @Test("A forgotten id is refused by every kind of write until it is re-admitted")
  func staysAway() async throws {
    try await withStore { store, folder in
      let other = try await DurableStore.open(path: folder.file("store.db"))
      try await store.insert([NewEpisode(Samples.episode("a"))])
      try await store.forget(ids: ["a", "never-stored"], at: Samples.time)
      for policy in [InsertConflictPolicy.fail, .ignore, .replace] {
        await #expect(throws: DurableStoreError.forgotten(id: "a")) {
          try await other.insert(
            [NewEpisode(Samples.episode("b")), NewEpisode(Samples.episode("a"))],
            onConflict: policy)
        }
      }
      #expect(try await store.episode(id: "b") == nil)
      let outcomes = try await other.insertNew(
        ["a", "b", "never-stored"].map { NewEpisode(Samples.episode($0, text: "task \($0)")) })
      #expect(outcomes.map(\.disposition) == [.refused, .inserted, .refused])
      #expect(try await store.forgottenIDs(among: ["a", "b"]) == ["a"])
      let readmitted = try await other.insertNew(
        [NewEpisode(Samples.episode("a", text: "back"))], readmitting: true)
      #expect(readmitted.map(\.disposition) == [.inserted])
      #expect(try await store.episode(id: "a")?.taskDescription == "back")
      #expect(try await store.forgottenIDs(among: ["a", "never-stored"]) == ["never-stored"])
      #expect(try await store.readmit(ids: ["never-stored", "b"]) == 1)
      other.close()
    }
  }

  @Test(
    "After a vacuum nothing of a forgotten episode can be read in the file",
    .enabled(if: TestStore.isLocal))
  func erased() async throws {
    try await withStore { store, folder in
      for index in 0..<40 {
        var episode = Samples.episode("e\(index)", text: "plain words \(index)")
        if index == 20 {
          episode.taskDescription = "xylophonequartz in the description"
          episode.steps[0].action = "xylophonequartz in a step"
          episode.metadata = ["secret": "xylophonequartz"]
        }
        try await store.insert([NewEpisode(episode)])
      }
      func occurrences() -> Int {
        ["store.db", "store.db-wal"].reduce(0) { sum, name in
          guard let data = FileManager.default.contents(atPath: folder.file(name)) else {
            return sum
          }
          // The text index stores words by what they add to those before: half of it is enough.
          return sum + (data.range(of: Data("ophonequartz".utf8)) == nil ? 0 : 1)
        }
      }
      #expect(occurrences() > 0)
      try await store.forget(ids: ["e20"], at: Samples.time)
      _ = try await store.vacuum()
      #expect(occurrences() == 0)
      #expect(try await store.count(matching: EpisodeFilter()) == 39)
    }
  }
}
