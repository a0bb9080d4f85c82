import Embedders
import Engram
import Episodes
import Testing

@testable import DurableStore

@Suite("Filters and numbers as other hands write them")
struct FilterSpellingTests {
  private static let composed = "caf\u{e9}"
  private static let decomposed = "cafe\u{301}"

  private func episode(_ id: String, _ word: String) throws -> Episode {
    var context = TaskContext(domain: word, framework: word, tags: [try Episodes.Tag(word)])
    context.language = word
    return Episode(
      id: id, taskDescription: "serve the coffee \(id)", context: context,
      startTime: Timestamp(nanosecondsSince1970: 1_770_000_000_000_000_000),
      metadata: ["place": "here"])
  }

  @Test("One spelling of é finds what was written with the other, on every path")
  func spellings() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      _ = try await memory.importEpisodes([
        episode("a", Self.composed), episode("b", Self.decomposed),
      ])
      for word in [Self.composed, Self.decomposed] {
        var assigned = EpisodeFilter()
        assigned.domain = word
        let filters = [
          assigned, EpisodeFilter(domain: word), EpisodeFilter(language: word),
          EpisodeFilter(framework: word), EpisodeFilter(tagsAll: [try Episodes.Tag(word)]),
          EpisodeFilter(tagsAny: [try Episodes.Tag(word)]),
        ]
        for filter in filters {
          let listed = try await memory.episodes(matching: filter).episodes.map(\.id)
          #expect(Set(listed) == ["a", "b"])
          for mode in RetrievalMode.allCases {
            let request = SearchRequest("serve the coffee", limit: 9, filter: filter, mode: mode)
            let found = try await memory.search(request).hits.map(\.episode.id)
            #expect(Set(found) == ["a", "b"], "\(mode)")
          }
          // With metadata beside the store answers.
          var both = filter
          both.metadata = .equals(key: "place", value: "here")
          let request = SearchRequest("serve the coffee", limit: 9, filter: both)
          #expect(try await memory.search(request).hits.count == 2)
          #expect(filter.matches(try episode("c", Self.decomposed)))
        }
      }
    }
  }

  @Test("A number of an embedding below 0, which no program of ours writes, stops nothing")
  func negativeNumbers() async throws {
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.importEpisodes([
        episode("a", "web"), episode("b", "web"), episode("c", "ci"),
      ])
      try await memory.learnPending()
      let store = try await DurableStore.open(path: home.file("engram.db"))
      _ = try await store.write(
        "UPDATE embeddings SET id = -7 WHERE id = (SELECT min(id) FROM embeddings)")
      _ = try await store.write(
        """
        INSERT INTO changes (kind, record_id, operation) VALUES
          ('embedding', '-7', 'insert'), ('embedding', '-9', 'delete'),
          ('embedding', 'no number', 'insert')
        """)
      store.close()
      for filter in [EpisodeFilter(), EpisodeFilter(domain: "web")] {
        let request = SearchRequest("serve the coffee", limit: 9, filter: filter)
        let found = try await memory.search(request).hits.map(\.episode.id)
        #expect(Set(found).isSuperset(of: ["b"]))
        _ = try await memory.nearDuplicates(filter: filter)
      }
      _ = try await memory.recommend(PatternRequest("serve the coffee"))
      _ = try await memory.buildIndex()
      let other = try await home.open()
      #expect(try await !other.search(SearchRequest("serve the coffee", limit: 9)).hits.isEmpty)
      await other.close()
    }
  }
}
