import Episodes
import Testing

@testable import DurableStore

@Suite("The same content is stored once")
struct AdmissionTests {
  private func new(_ episodes: Episode...) -> [NewEpisode] { episodes.map { NewEpisode($0) } }

  @Test("The same content under another id is one row, and the outcome names its id")
  func once() async throws {
    try await withStore { store, _ in
      var other = Samples.episode("other")
      other.sessionID = "s2"
      let outcomes = try await store.insertNew(
        new(Samples.episode("first"), Samples.episode("twin"), other))
      #expect(outcomes.map(\.disposition) == [.inserted, .ignored, .inserted])
      #expect(outcomes.map(\.sameContentID) == [nil, "first", nil])
      let again = try await store.insertNew(new(Samples.episode("third"), Samples.episode("first")))
      #expect(again.map(\.sameContentID) == ["first", nil])
      #expect(again.map(\.disposition) == [.ignored, .ignored])
      #expect(try await store.count(matching: EpisodeFilter()) == 2)
    }
  }

  @Test("Copies are kept where that is asked, each id once")
  func copies() async throws {
    try await withStore { store, _ in
      let outcomes = try await store.insertNew(
        new(Samples.episode("a"), Samples.episode("b"), Samples.episode("a")), keepingCopies: true)
      #expect(outcomes.map(\.disposition) == [.inserted, .inserted, .ignored])
      #expect(try await store.admissions(of: [Samples.episode("c")]) != [.new])
      let kept = try await store.admissions(of: [Samples.episode("c")], keepingCopies: true)
      #expect(kept == [.new])
    }
  }

  @Test(
    "What was forgotten comes back neither under another id nor as a copy in one batch")
  func forgottenContent() async throws {
    try await withStore { store, _ in
      try await store.insertNew(new(Samples.episode("first"), Samples.episode("twin")))
      // Forgotten by an earlier version, which kept the id alone.
      _ = try await store.write("INSERT INTO forgotten (id, forgotten_at) VALUES ('old', 1)")
      #expect(
        try await store.admissions(of: [
          Samples.episode("old", text: "x"), Samples.episode("copy", text: "x"),
        ]) == [.forgotten, .forgotten])
      // Its hash is not known any more, and is made of what it is now.
      try await store.addTags([Episodes.Tag("slow")], toEpisode: "first")
      var tagged = Samples.episode("twin")
      tagged.tags = [try Episodes.Tag("slow")]
      try await store.insertNew(new(Samples.episode("second")))
      try await store.forget(ids: ["first", "second"], at: Samples.time)
      for copies in [false, true] {
        let outcomes = try await store.insertNew(
          new(Samples.episode("first"), Samples.episode("twin"), tagged), keepingCopies: copies)
        #expect(outcomes.map(\.disposition) == [.refused, .refused, .refused])
      }
      #expect(try await store.forgottenCount() == 3)
      #expect(try await store.statistics().rowCounts["forgotten"] == 3)
      #expect(
        try await store.insertNew(new(Samples.episode("else", text: "else"))).map(\.disposition)
          == [.inserted])
      // Nothing of the text, and no hash that could be made without the key, is in the rows.
      let rows = try await store.read("SELECT id FROM forgotten").texts
      #expect(rows.filter { $0.hasPrefix("content ") }.count == 2)
      let hash = EpisodeContent.hash(of: Samples.episode("twin"))
      #expect(!rows.contains { $0.contains(hash) || $0.contains("build") })
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("What is let in again may have its content too, by its id or by an import")
  func readmitted() async throws {
    try await withStore { store, _ in
      for id in ["a", "b"] {
        try await store.insertNew(new(Samples.episode(id, text: id)))
      }
      try await store.forget(ids: ["a", "b"], at: Samples.time)
      #expect(try await store.readmit(ids: ["a", "none"]) == 1)
      #expect(
        try await store.admissions(of: [
          Samples.episode("a", text: "a"), Samples.episode("c", text: "b"),
        ]) == [.new, .forgotten])
      let outcomes = try await store.insertNew(
        new(Samples.episode("b", text: "b"), Samples.episode("c", text: "b")), readmitting: true)
      #expect(outcomes.map(\.disposition) == [.inserted, .refused])
      #expect(try await store.forgottenCount() == 0)
      #expect(try await store.read("SELECT id FROM forgotten").rows.isEmpty)
      #expect(
        try await store.insertNew(new(Samples.episode("c", text: "b"))).map(\.sameContentID)
          == ["b"])
    }
  }

  @Test("Content that changed is other content, and what it was can be stored again")
  func changed() async throws {
    try await withStore { store, _ in
      var episode = Samples.episode("first")
      try await store.insertNew(new(episode))
      try await store.append([Samples.step(3)], to: "first")
      #expect(
        try await store.insertNew(new(Samples.episode("second"))).map(\.disposition)
          == [.inserted])
      episode.id = "third"
      episode.steps.append(Samples.step(3))
      #expect(
        try await store.insertNew(new(episode)).map(\.sameContentID) == ["first"])
      try await store.addTags([Episodes.Tag("slow")], toEpisode: "second")
      episode = Samples.episode("fourth")
      episode.tags = [try Episodes.Tag("slow")]
      #expect(try await store.insertNew(new(episode)).map(\.sameContentID) == ["second"])
    }
  }

  @Test("What was stored without a hash is recognised, checkpoints included")
  func unhashed() async throws {
    try await withStore { store, _ in
      func episode(_ id: String) -> Episode {
        var episode = Samples.episode(id)
        episode.checkpoints = [
          Checkpoint(id: "c", episode: id, stepNumber: 1, timestamp: Samples.time, label: "x")
        ]
        episode.metadata = ["b": "2", "a": "1"]
        return episode
      }
      try await store.insert(new(episode("old")))
      #expect(
        try await store.admissions(of: [episode("new"), episode("old"), Samples.episode("else")])
          == [.sameContent(id: "old"), .stored, .new])
      #expect(try await store.insertNew(new(episode("new"))).map(\.sameContentID) == ["old"])
    }
  }

  @Test(
    "One unreadable episode among those that are forgotten keeps no other's content from being told"
  )
  func unreadableAmongForgotten() async throws {
    try await withStore { store, _ in
      func episode(_ number: Int, id: String) -> Episode {
        var episode = Samples.episode(id)
        episode.sessionID = "s\(number)"
        return episode
      }
      let ids = (0..<7).map { "e\($0)" }
      try await store.insert(ids.enumerated().map { NewEpisode(episode($0, id: $1)) })
      _ = try await store.write("UPDATE episodes SET metadata = 'no JSON' WHERE id = 'e3'")
      #expect(try await store.forget(ids: ids, at: Samples.time).episodes == 7)
      let back = try await store.admissions(of: (0..<7).map { episode($0, id: "n\($0)") })
      #expect(back == (0..<7).map { $0 == 3 ? .new : .forgotten })
    }
  }

  @Test("A damaged key of contents stops no import and no forgetting, and the check names it")
  func damagedKey() async throws {
    try await withStore { store, _ in
      try await store.insert(new(Samples.episode("a")))
      try await store.forget(ids: ["a"], at: Samples.time)
      #expect(try await store.checkIntegrity() == [])
      _ = try await store.write(
        "UPDATE store_properties SET value = 'x' WHERE name = 'content_key'")
      #expect(try await store.checkIntegrity().contains { $0.contains("key") })
      // Ids stay away all the same.
      let known = try await store.admissions(of: [Samples.episode("a"), Samples.episode("b")])
      #expect(known == [.forgotten, .new])
      try await store.insert(new(Samples.episode("b")))
      try await store.forget(ids: ["b"], at: Samples.time)
      #expect(try await store.checkIntegrity() == [])
      #expect(try await store.admissions(of: [Samples.episode("c")]) == [.forgotten])
    }
  }

  @Test("To know a hash or to lose one is no change in the log")
  func notLogged() async throws {
    try await withStore { store, _ in
      try await store.insertNew(new(Samples.episode("a")))
      let before = try await store.lastChangeSequence()
      try await store.addTags([Episodes.Tag("slow")], toEpisode: "a")
      #expect(try await store.changes(after: before, limit: 10).map(\.operation) == [.update])
    }
  }

  @Test("Two stores on one file that add the same at once store it once")
  func concurrent() async throws {
    try await withStore { store, folder in
      let other = try await DurableStore.open(path: folder.file("store.db"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, store) in [store, other, store, other].enumerated() {
          group.addTask {
            for number in 0..<20 {
              _ = try await store.insertNew(
                [NewEpisode(Samples.episode("\(index)-\(number)", text: "task \(number)"))])
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.count(matching: EpisodeFilter()) == 20)
      #expect(try await store.checkIntegrity() == [])
      other.close()
    }
  }
}
