import Episodes
import Testing

@testable import DurableStore

@Suite("The change log")
struct ChangeLogTests {
  private static func log(
    _ store: DurableStore, after sequence: Int64 = 0
  ) async throws -> [String] {
    try await store.changes(after: sequence, limit: 1000).map {
      "\($0.kind.rawValue) \($0.recordID) \($0.operation.rawValue)"
    }
  }

  @Test("Each write logs one change of each record it touches")
  func writes() async throws {
    try await withStore { store, _ in
      var last: Int64 = 0
      func expect(_ expected: [String], sourceLocation: SourceLocation = #_sourceLocation)
        async throws
      {
        #expect(
          try await Self.log(store, after: last) == expected, sourceLocation: sourceLocation)
        last = try await store.lastChangeSequence()
      }
      #expect(try await store.lastChangeSequence() == 0)
      #expect(try await store.firstChangeSequence() == 1)
      var episode = Samples.episode("e", steps: 3)
      episode.tags = [try Tag("auth")]
      try await store.insert([NewEpisode(episode, embeddings: [Samples.embedding("e")])])
      try await expect(["episode e insert", "embedding 1 insert"])
      try await store.append([Samples.step(4), Samples.step(5)], to: "e")
      try await expect(["episode e update"])
      try await store.update(episode, embeddings: [Samples.embedding("e", value: 2)])
      try await expect(["episode e update", "embedding 1 delete", "embedding 2 insert"])
      try await store.insert([NewEpisode(episode)], onConflict: .ignore)
      try await expect([])
      try await store.complete(
        "e",
        with: EpisodeCompletion(endTime: Samples.time, outcome: .failure(reason: "r", details: nil))
      )
      try await expect(["episode e update"])
      try await store.put(Samples.pattern("p"))
      try await store.put(Samples.pattern("p"))
      try await expect(["pattern p insert", "pattern p update"])
      try await store.deleteEpisode(id: "e")
      try await expect(["embedding 2 delete", "episode e delete"])
      try await store.deletePatterns(ids: ["p"])
      try await expect(["pattern p delete"])
    }
  }

  @Test("Sequence numbers are never used again, trimmed or not")
  func trim() async throws {
    try await withStore { store, _ in
      try await store.insert((0..<5).map { NewEpisode(Samples.episode("e\($0)", steps: 0)) })
      #expect(try await store.trimChanges(through: 3) == 3)
      #expect(try await store.firstChangeSequence() == 4)
      #expect(try await store.changes(after: 0, limit: 10).map(\.sequence) == [4, 5])
      #expect(try await store.changes(after: 4, limit: 1).map(\.recordID) == ["e4"])
      try await store.trimChanges(through: 100)
      #expect(try await store.firstChangeSequence() == 6)
      #expect(try await store.lastChangeSequence() == 5)
      try await store.deleteEpisode(id: "e0")
      #expect(try await store.changes(after: 5, limit: 10).map(\.sequence) == [6])
    }
  }

  @Test("The log is trimmed from its front only, and no number is given that is not the next")
  func kept() async throws {
    try await withStore { store, _ in
      try await store.insert((0..<5).map { NewEpisode(Samples.episode("e\($0)", steps: 0)) })
      let values = "(sequence, kind, record_id, operation) VALUES"
      func refuses(_ sql: String) async throws {
        let before = try await Self.log(store)
        let error = await #expect(throws: DurableStoreError.self, "\(sql)") {
          try await store.write(sql)
        }
        guard case .database(let cause)? = error else { return }
        #expect(cause.kind == .constraintViolation)
        #expect(try await Self.log(store) == before)
      }
      for sql in [
        "DELETE FROM changes WHERE sequence = 3", "DELETE FROM changes WHERE sequence > 2",
        "UPDATE changes SET record_id = 'x' WHERE sequence = 5",
        "INSERT INTO changes \(values) (100, 'episode', 'x', 'insert')",
        "INSERT INTO changes \(values) (-1, 'episode', 'x', 'insert')",
        "INSERT OR REPLACE INTO changes \(values) (2, 'episode', 'x', 'insert')",
      ] {
        try await refuses(sql)
      }
      try await store.trimChanges(through: 5)
      try await refuses("INSERT INTO changes \(values) (3, 'episode', 'x', 'insert')")
      // Not through a trigger of somebody else's either.
      try await store.write("CREATE TABLE mine (x)")
      try await store.write(
        """
        CREATE TRIGGER sly AFTER INSERT ON mine BEGIN
          INSERT INTO changes \(values) (4, 'episode', 'x', 'insert');
        END
        """)
      try await refuses("INSERT INTO mine VALUES (1)")
      try await store.deleteEpisode(id: "e0")
      #expect(try await store.changes(after: 0, limit: 10).map(\.sequence) == [6])
    }
  }

  @Test("A failed transaction leaves no change behind")
  func rollback() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("a"))])
      _ = try? await store.insert([
        NewEpisode(Samples.episode("b")), NewEpisode(Samples.episode("a")),
      ])
      #expect(try await Self.log(store) == ["episode a insert"])
    }
  }

  @Test(
    "What the sqlite3 tool changes is logged and indexed as well",
    .enabled(if: SQLiteTool.isInstalled))
  func tool() async throws {
    try await withStore { store, folder in
      let file = folder.file("store.db")
      var last: Int64 = 0
      func expect(
        _ sql: String, _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
      ) async throws {
        try SQLiteTool.run(sql, on: file)
        #expect(
          try await Self.log(store, after: last) == expected, sourceLocation: sourceLocation)
        last = try await store.lastChangeSequence()
      }
      try await expect(
        """
        INSERT INTO episodes (id, task_description, start_time, tags, latitude, longitude)
        VALUES ('t', 'typed by hand', 5, '["auth","jwt"]', 10, 20)
        """, ["episode t insert"])
      try await expect(
        "INSERT INTO steps (episode, number, timestamp, tool, action) VALUES (1, 1, 6, 'x', 'zebra')",
        ["episode t update"])
      #expect(try await store.episode(id: "t")?.steps.map(\.action) == ["zebra"])
      #expect(
        try await store.count(matching: EpisodeFilter(tagsAll: [try Tag("auth"), try Tag("jwt")]))
          == 1)
      let box = GeographicBox(south: 9, west: 19, north: 11, east: 21)
      #expect(try await store.episodes(within: box, limit: 5).map(\.steps.count) == [1])
      try await expect(
        "UPDATE steps SET action = 'giraffe' WHERE number = 1", ["episode t update"])
      #expect(try await store.episode(id: "t")?.steps.map(\.action) == ["giraffe"])
      try await expect(
        "UPDATE episodes SET tags = '[\"other\"]', latitude = 50 WHERE id = 't'",
        ["episode t update"])
      #expect(try await store.count(matching: EpisodeFilter(tagsAny: [try Tag("auth")])) == 0)
      #expect(try await store.episodes(within: box, limit: 5).isEmpty)

      // The store goes on where the tool stopped.
      try await store.append([Samples.step(2)], to: "t")
      last = try await store.lastChangeSequence()
      try await expect("DELETE FROM steps WHERE number = 1", ["episode t update"])
      try await expect(
        "INSERT INTO steps (episode, number, timestamp, tool, action) VALUES (1, 1, 6, 'x', 'y')",
        ["episode t update"])
      #expect(try await store.checkIntegrity() == [])
      try await expect("DELETE FROM episodes WHERE id = 't'", ["episode t delete"])
      #expect(try await store.statistics().rowCounts["steps"] == 0)
      #expect(try SQLiteTool.run("PRAGMA integrity_check", on: file) == "ok")
    }
  }
}
