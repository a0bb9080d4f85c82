import DurableStore
import Engram
import Episodes
import Testing

@Suite("Embeddings of turns with the ones before them")
struct SessionEmbeddingTests {
  private func turn(_ number: Int64, _ text: String, tags: [String] = []) throws -> Episode {
    Episode(
      id: "t\(number)", sessionID: "s", taskDescription: text,
      startTime: Timestamp(nanosecondsSince1970: 1_770_000_000_000_000_000 + number),
      tags: try tags.map { try Episodes.Tag($0) })
  }

  private func turns() throws -> [Episode] {
    [
      try turn(1, "The cat is called Whiskers", tags: ["chat"]),
      try turn(2, "Shall I make a dentist appointment?"),
      try turn(3, "Yes, on Monday.", tags: ["chat"]),
    ]
  }

  private func vector(_ id: String, in home: TemporaryHome) async throws -> [Float]? {
    let store = try await DurableStore.open(path: home.file("engram.db"))
    let stored = try await store.embeddings(ofEpisode: id)
    store.close()
    return stored.first?.embedding.vector
  }

  @Test("Renaming a tag embeds a turn with the one right before it, whatever that is tagged with")
  func tags() async throws {
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.importEpisodes(try turns())
      let before = try await vector("t3", in: home)
      let (chat, talk) = (try Episodes.Tag("chat"), try Episodes.Tag("talk"))
      #expect(try await memory.replaceTags([chat], by: talk) == 2)
      #expect(try await vector("t3", in: home) != before)
      #expect(try await memory.replaceTags([talk], by: chat) == 2)
      #expect(try await vector("t3", in: home) == before)
    }
  }

  @Test("A turn imported after others is embedded with the one before it, stored or not")
  func imports() async throws {
    let turns = try turns()
    var expected: [[Float]?] = []
    let orders = [
      [turns], [[turns[1]], [turns[0], turns[2]]], [[turns[0]], [turns[1], turns[2]]],
      // One that comes in between later.
      [[turns[0], turns[2]], [turns[1]]],
    ]
    for batches in orders {
      try await TemporaryHome.withMemory { memory, home in
        for batch in batches { _ = try await memory.importEpisodes(batch) }
        expected.append(try await vector("t3", in: home))
      }
    }
    #expect(expected[0] != nil)
    for vector in expected { #expect(vector == expected[0]) }
  }

  @Test("A turn that says something else, or leaves, changes the vector of the next")
  func updates() async throws {
    let text = "Where is the train station?"
    var expected: [[Float]?] = []
    try await TemporaryHome.withMemory { memory, home in
      var turns = try turns()
      turns[1].taskDescription = text
      _ = try await memory.importEpisodes(turns)
      expected.append(try await vector("t3", in: home))
      try await memory.deleteEpisode("t2")
      expected.append(try await vector("t3", in: home))
    }
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.importEpisodes(try turns())
      #expect(try await vector("t3", in: home) != expected[0])
      _ = try await memory.updateEpisode("t2", EpisodeChanges(taskDescription: text))
      #expect(try await vector("t3", in: home) == expected[0])
      _ = try await memory.updateEpisode("t2", EpisodeChanges(sessionID: .set("other")))
      #expect(try await vector("t3", in: home) == expected[1])
      _ = try await memory.updateEpisode("t2", EpisodeChanges(sessionID: .set("s")))
      #expect(try await vector("t3", in: home) == expected[0])
    }
  }
}
