import Episodes
import Testing

@testable import DurableStore

@Suite("Relationships and checkpoints")
struct RelationTests {
  private static func link(
    _ id: String, _ from: String, _ to: String, _ kind: RelationshipKind = .dependsOn
  ) -> Relationship {
    Relationship(id: id, from: from, to: to, kind: kind, createdAt: Samples.time)
  }

  @Test("Relationships of acyclic kinds never close a cycle")
  func cycles() async throws {
    try await withStore { store, _ in
      try await store.insert(["a", "b", "c", "d"].map { NewEpisode(Samples.episode($0)) })
      try await store.insert(Self.link("1", "a", "b"))
      try await store.insert(Self.link("2", "b", "c"))
      try await store.insert(Self.link("3", "a", "c"))
      await #expect(throws: DurableStoreError.cycle(from: "c", to: "a", kind: .dependsOn)) {
        try await store.insert(Self.link("4", "c", "a"))
      }
      // Another kind, and a kind that may have cycles.
      try await store.insert(Self.link("5", "c", "a", .blocks))
      try await store.insert(Self.link("6", "c", "a", .relatedTo))
      try await store.insert(Self.link("7", "a", "c", .relatedTo))
      #expect(try await store.relationships(ofEpisode: "a").map(\.id) == ["1", "3", "5", "6", "7"])
      #expect(
        try await store.relationships(ofEpisode: "a", direction: .incoming, kind: .blocks)
          .map(\.id) == ["5"])
      #expect(
        try await store.relationships(ofEpisode: "a", direction: .outgoing).map(\.id)
          == ["1", "3", "7"])
      #expect(try await store.relationships(after: "5", limit: 1).map(\.id) == ["6"])
    }
  }

  @Test("Writers that race to close a cycle do not succeed together")
  func race() async throws {
    try await withStore { store, folder in
      let second = try await DurableStore.open(path: folder.file("store.db"))
      for round in 0..<10 {
        let (a, b) = ("a\(round)", "b\(round)")
        try await store.insert([a, b].map { NewEpisode(Samples.episode($0, steps: 0)) })
        async let first: Void = store.insert(Self.link("f\(round)", a, b))
        async let other: Void = second.insert(Self.link("s\(round)", b, a))
        let results = [try? await first, try? await other]
        #expect(results.compactMap { $0 }.count == 1)
      }
      second.close()
    }
  }

  @Test("Callers that make the same new link at once make one, and none between two namespaces")
  func newLinks() async throws {
    try await withStore { store, folder in
      let second = try await DurableStore.open(path: folder.file("store.db"))
      var other = Samples.episode("other")
      other.namespace = "elsewhere"
      try await store.insert(["a", "b"].map { NewEpisode(Samples.episode($0)) })
      try await store.insert([NewEpisode(other)])
      let made = await withTaskGroup(of: Bool.self) { group in
        for index in 0..<8 {
          group.addTask {
            let link = Self.link("l\(index)", "a", "b", .relatedTo)
            do {
              try await (index % 2 == 0 ? store : second).insert(link, isNewLink: true)
              return true
            } catch {
              return false
            }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(made == 1)
      let id = try #require(try await store.relationships(ofEpisode: "a").first?.id)
      await #expect(throws: DurableStoreError.duplicate(.relationship, id: id)) {
        try await store.insert(Self.link("again", "a", "b", .relatedTo), isNewLink: true)
      }
      await #expect {
        try await store.insert(Self.link("far", "a", "other", .follows), isNewLink: true)
      } throws: { "\($0)".contains("'elsewhere'") }
      await #expect(throws: DurableStoreError.notFound(.episode, id: "x")) {
        try await store.insert(Self.link("none", "a", "x", .follows), isNewLink: true)
      }
      // The other way round, another kind, and what an import brings.
      try await store.insert(Self.link("back", "b", "a", .relatedTo), isNewLink: true)
      try await store.insert(Self.link("kind", "a", "b", .dependsOn), isNewLink: true)
      await #expect(throws: DurableStoreError.cycle(from: "b", to: "a", kind: .dependsOn)) {
        try await store.insert(Self.link("cycle", "b", "a"), isNewLink: true)
      }
      try await store.insert(Self.link("imported", "a", "b", .relatedTo))
      #expect(try await store.relationships(ofEpisode: "a").count == 4)
      second.close()
    }
  }

  @Test("An import makes no link between namespaces, and one of an earlier version closes no cycle")
  func foreignLinks() async throws {
    try await withStore { store, _ in
      var other = Samples.episode("other")
      other.namespace = "elsewhere"
      try await store.insert(
        [Samples.episode("a"), Samples.episode("b", text: "b"), other].map { NewEpisode($0) })
      await #expect {
        try await store.insert(Self.link("far", "a", "other"))
      } throws: { "\($0)".contains("'elsewhere'") }
      for (id, from, to) in [("1", "a", "other"), ("2", "other", "b")] {
        _ = try await store.write(
          """
          INSERT INTO relationships (id, from_id, to_id, kind, created_at)
          VALUES (?1, ?2, ?3, 'dependsOn', 1)
          """, [.text(id), .text(from), .text(to)])
      }
      try await store.insert(Self.link("3", "b", "a"), isNewLink: true)
      await #expect(throws: DurableStoreError.cycle(from: "a", to: "b", kind: .dependsOn)) {
        try await store.insert(Self.link("4", "a", "b"))
      }
      var long = Self.link("5", "b", "a", .relatedTo)
      long.reason = String(repeating: "x", count: EpisodeLimits.textCharactersMax + 1)
      await #expect { try await store.insert(long) } throws: { "\($0)".contains("reason") }
    }
  }

  @Test("Relationships need stored ends and an id of their own; details can be changed")
  func rules() async throws {
    try await withStore { store, _ in
      try await store.insert(["a", "b"].map { NewEpisode(Samples.episode($0)) })
      await #expect(throws: DurableStoreError.notFound(.episode, id: "x")) {
        try await store.insert(Self.link("1", "a", "x"))
      }
      await #expect(throws: DurableStoreError.notFound(.episode, id: "y")) {
        try await store.insert(Self.link("1", "y", "b", .follows))
      }
      await #expect(throws: DurableStoreError.self) {
        try await store.insert(Self.link("1", "a", "a", .follows))
      }
      var link = Self.link("1", "a", "b", .duplicates)
      link.reason = "same error"
      link.priority = -3
      try await store.insert(link)
      #expect(try await store.relationship(id: "1") == link)
      await #expect(throws: DurableStoreError.duplicate(.relationship, id: "1")) {
        try await store.insert(Self.link("1", "b", "a", .follows))
      }
      try await store.updateRelationship(id: "1", reason: nil, priority: 8)
      #expect(try await store.relationship(id: "1")?.priority == 8)
      #expect(try await store.deleteRelationships(ids: ["1"]) == 1)
      await #expect(throws: DurableStoreError.notFound(.relationship, id: "1")) {
        try await store.updateRelationship(id: "1", reason: nil, priority: nil)
      }
    }
  }

  @Test("Checkpoints are part of their episode, in the order they were added")
  func checkpoints() async throws {
    try await withStore { store, _ in
      var episode = Samples.episode("e")
      try await store.insert([NewEpisode(episode)])
      var checkpoints = ["c1", "c2", "c3"].map {
        Checkpoint(id: $0, episode: "e", stepNumber: 1, timestamp: Samples.time, label: $0)
      }
      for checkpoint in checkpoints { try await store.put(checkpoint) }
      checkpoints[1].note = "changed"
      try await store.put(checkpoints[1])
      #expect(try await store.checkpoints(ofEpisode: "e") == checkpoints)
      #expect(try await store.checkpoint(id: "c2") == checkpoints[1])
      #expect(try await store.deleteCheckpoint(id: "c1", ofEpisode: "e"))
      #expect(try await store.deleteCheckpoint(id: "c1", ofEpisode: "e") == false)
      episode.checkpoints = [checkpoints[1], checkpoints[2]]
      #expect(try await store.episode(id: "e") == episode)
      let last = try await store.changes(after: 1, limit: 100)
      #expect(last.count == 5 && last.allSatisfy { $0.recordID == "e" })
      checkpoints[0].episode = "x"
      let orphan = checkpoints[0]
      await #expect(throws: DurableStoreError.notFound(.episode, id: "x")) {
        try await store.put(orphan)
      }
    }
  }
}
