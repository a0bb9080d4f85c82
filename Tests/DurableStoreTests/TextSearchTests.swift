import Episodes
import Testing

@testable import DurableStore

@Suite("Text search")
struct TextSearchTests {
  @Test("Words are found by their stem, and more and rarer words rank higher")
  func ranking() async throws {
    try await withStore { store, _ in
      try await store.insert([
        NewEpisode(Samples.episode("one", text: "Refactoring the tokenizer of the parser")),
        NewEpisode(Samples.episode("two", text: "Parsers are slow")),
        NewEpisode(Samples.episode("three", text: "Rotate the signing keys")),
      ])
      let found = try await store.searchText("how did we refactor the parser?", limit: 10)
      #expect(found.map(\.episodeID) == ["one", "two"])
      #expect(found[0].score > found[1].score && found[1].score > 0)
      #expect(try await store.searchText("Réfactor", limit: 1).map(\.episodeID) == ["one"])
      #expect(try await store.searchText("parser", limit: 1).count == 1)
      #expect(try await store.searchText("the", limit: 10).count == 2)
    }
  }

  @Test("Any string is a safe query")
  func anyString() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("e", text: "rather plain text"))])
      let seed: UInt64 = 11
      print("seed \(seed)")
      var random = SeededGenerator(seed: seed)
      let pieces = [
        "\"", "'", "(", ")", "*", "^", ":", "-", "+", "NEAR(", "AND", "OR", "NOT", "text", "{", "}",
        " ", "\0", "\\", "%", "steps:", "; DROP TABLE episodes", "é", "日本", "👍", "\u{301}", "--",
        "/*", "\u{e000}", "x\u{200d}y", "1.5", "don't", "a_b",
      ]
      for _ in 0..<1500 {
        let query = random.list(upTo: 8) { $0.pick(pieces) }.joined()
        let found = try await store.searchText(query, limit: 5)
        if query.split(separator: " ").contains("text") { #expect(found.count == 1, "\(query)") }
      }
      for query in ["", " ", "\"", "()", "*", String(repeating: "text or ", count: 5000)] {
        _ = try await store.searchText(query, limit: 5)
      }
      let words = (0..<500).map { "word\($0)" }.joined(separator: " ")
      #expect(try await store.searchText(words, limit: 5).isEmpty)
      #expect(try await store.count(matching: EpisodeFilter()) == 1)
    }
  }

  @Test("Text that looks like SQL is only text")
  func injection() async throws {
    let attack = "x'); DELETE FROM episodes; --"
    try await withStore { store, _ in
      var episode = Samples.episode("e';--", text: attack)
      episode.namespace = "n'\"--"
      episode.context.domain = attack
      episode.metadata = [attack: attack]
      try await store.insert([NewEpisode(episode)])
      #expect(try await store.episode(id: "e';--") == episode)
      #expect(try await store.episode(id: "' OR '1'='1") == nil)
      #expect(try await store.count(matching: EpisodeFilter(domain: attack)) == 1)
      #expect(try await store.count(matching: EpisodeFilter(domain: "' OR '1'='1")) == 0)
      #expect(try await store.episodes(ids: ["e';--", "'); DROP TABLE episodes; --"]) == [episode])
      _ = try await store.searchText(attack, limit: 5)
      #expect(try await store.count(matching: EpisodeFilter()) == 1)
    }
  }
}
