import DurableStore
import Engram
import Episodes
import Sync
import Synchronization
import Testing

@Suite("Turns after a forgotten one")
struct SessionNeighborTests {
  private static let start = Timestamp("2026-03-02T09:00:00Z")!

  private func turn(_ id: String, _ text: String, at second: Int64, session: String? = "s")
    -> Episode
  {
    let time = Timestamp(
      nanosecondsSince1970: Self.start.nanosecondsSince1970 + second * 1_000_000_000)
    return Episode(
      id: id, sessionID: session, taskDescription: text, startTime: time, endTime: time,
      outcome: .success(verdict: "", artifacts: []), metadata: ["turn": id])
  }

  private let turns: [(String, String)] = [
    ("a", "the garden gate"), ("b", "zanzibarquokka wobblegong"), ("c", "yes on monday"),
    ("d", "no rather tuesday"),
  ]

  private func episodes() -> [Episode] {
    turns.enumerated().map { turn($1.0, $1.1, at: Int64($0)) }
  }

  /// The vectors of each turn, as another process finds them.
  private func vectors(_ home: TemporaryHome) async throws -> [String: [[Float]]] {
    let store = try await DurableStore.open(path: home.file("engram.db"))
    var vectors: [String: [[Float]]] = [:]
    for (id, _) in turns {
      vectors[id] = try await store.embeddings(ofEpisode: id).map(\.embedding.vector)
    }
    store.close()
    return vectors
  }

  @Test(
    "The next turn is embedded as if the forgotten one had never been",
    arguments: [true, false])
  func next(isForgotten: Bool) async throws {
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.importEpisodes(episodes())
      let before = try await vectors(home)
      if isForgotten {
        try await memory.forget(ids: ["b"], erasing: false)
      } else {
        try await memory.deleteEpisode("b")
      }
      let after = try await vectors(home)
      #expect(after["b"] == [])
      #expect(after["a"] == before["a"] && after["d"] == before["d"])
      #expect(after["c"]?.count == 1 && after["c"] != before["c"])
      try await TemporaryHome.withMemory { fresh, freshHome in
        _ = try await fresh.importEpisodes(episodes().filter { $0.id != "b" })
        #expect(try await vectors(freshHome) == after)
      }
      let hits = try await memory.search(
        SearchRequest("garden gate yes on monday", limit: 1, mode: .vector)
      ).hits
      #expect(hits.map(\.episode.id) == ["c"])
      #expect(try await memory.validateCache().problems == [])
    }
  }

  @Test("Several turns in a row: the one after them is embedded with the one before them")
  func severalInARow() async throws {
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.importEpisodes(episodes())
      try await memory.forget(ids: ["b", "c"], erasing: false)
      let after = try await vectors(home)
      try await TemporaryHome.withMemory { fresh, freshHome in
        _ = try await fresh.importEpisodes(episodes().filter { ["a", "d"].contains($0.id) })
        #expect(try await vectors(freshHome) == after)
      }
    }
  }

  @Test("While the embedder is away the old vector goes at once, and the new one comes later")
  func embedderAway() async throws {
    let home = TemporaryHome()
    let embedder = WatchedEmbedder()
    var configuration = home.configuration()
    configuration.embedder = { embedder }
    var memory = try await Memory.open(configuration)
    _ = try await memory.importEpisodes(episodes())
    embedder.set(isAway: true)
    try await memory.forget(ids: ["b"], erasing: false)
    #expect(try await vectors(home)["c"] == [])
    #expect(
      try await memory.episodes().episodes.map(\.id).sorted() == ["a", "c", "d"])
    await memory.close()
    memory = try await Memory.open(configuration)
    embedder.set(isAway: false)
    try await memory.learnPending()
    let after = try await vectors(home)
    try await TemporaryHome.withMemory { fresh, freshHome in
      _ = try await fresh.importEpisodes(episodes().filter { $0.id != "b" })
      #expect(try await vectors(freshHome) == after)
    }
    // Done once: what has no embedding is not looked for again.
    let count = embedder.calls.withLock { $0.texts.count }
    try await memory.learnPending()
    #expect(embedder.calls.withLock { $0.texts.count } == count)
    await memory.close()
  }

  @Test("Many long texts are embedded a bounded number of bytes at a time, each text once")
  func bulk() async throws {
    let home = TemporaryHome()
    let embedder = WatchedEmbedder()
    var configuration = home.configuration()
    configuration.embedder = { embedder }
    let memory = try await Memory.open(configuration)
    let long = (0..<200).map { number in
      turn(
        "e\(number)",
        "word\(number) " + (0..<700).map { "x\(number)y\($0)" }.joined(separator: " "),
        at: Int64(number), session: nil)
    }
    _ = try await memory.importEpisodes(long)
    let calls = embedder.calls.withLock { $0.texts }
    let bytes = calls.map { $0.reduce(0) { $0 + $1.utf8.count } }
    #expect(bytes.reduce(0, +) > 1 << 20)
    #expect((bytes.max() ?? 0) <= 256 << 10)
    #expect((calls.map(\.count).max() ?? 0) <= 512)
    #expect(Set(calls.joined()).count == calls.joined().count)
    let found = try await memory.search(SearchRequest("word77", limit: 1, mode: .text)).hits
    #expect(found.map(\.episode.id) == ["e77"])
    await memory.close()
  }
}
