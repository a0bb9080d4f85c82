import Episodes
import Testing

@testable import DurableStore

@Suite("Listings of a tag")
struct TagListingTests {
  @Test(
    "A write and a later one of the same episode in one transaction leave its tags right",
    .enabled(if: TestStore.isLocal))
  func sharedTransaction() async throws {
    try await withStore { store, _ in
      let file = try #require(store.file)
      var episode = Samples.episode("e", steps: 1)
      episode.tags = [try Tag("old")]
      try await store.insert([NewEpisode(episode)])
      episode.tags = [try Tag("new")]
      let updated = episode
      let hold = await WriterHold(file)
      async let update = store.update(updated)
      #expect(await eventually { file.statistics.writer?.waiting == 1 })
      async let append = store.append([Samples.step(2)], to: "e")
      #expect(await eventually { file.statistics.writer?.waiting == 2 })
      try await hold.end()
      _ = try await (update, append)
      #expect(try await store.checkIntegrity() == [])
      for (name, count) in [("old", 0), ("new", 1)] {
        let found = try await store.episodes(
          matching: EpisodeFilter(tagsAll: [try Tag(name)]), limit: 5)
        #expect(found.episodes.count == count, "\(name)")
      }
    }
  }

  @Test("A range of times bounds the walk over the index of tags")
  func range() async throws {
    try await withStore { store, _ in
      let tag = try Tag("often")
      try await store.insert(
        (0..<200).map { number in
          var episode = Samples.episode("e\(number)", steps: 0)
          episode.startTime = Timestamp(nanosecondsSince1970: Int64(number) * 1_000_000_000)
          episode.tags = [tag]
          return NewEpisode(episode)
        })
      func at(_ second: Int) -> Timestamp {
        Timestamp(nanosecondsSince1970: Int64(second) * 1_000_000_000)
      }
      var filter = EpisodeFilter(tagsAll: [tag], since: at(20), until: at(60))
      let page = try await store.episodes(matching: filter, limit: 25)
      #expect(page.episodes.map(\.id) == (35..<60).reversed().map { "e\($0)" })
      let rest = try await store.episodes(matching: filter, limit: 25, after: page.next)
      #expect(rest.episodes.map(\.id) == (20..<35).reversed().map { "e\($0)" })
      var listing = try filter.listing()
      let selection = listing.rowIDs(after: nil, limit: 5)
      let plan = try await store.read("EXPLAIN QUERY PLAN " + selection.sql, selection.arguments)
      let steps = plan.rows.compactMap { row in
        if case .text(let step)? = row.last { step } else { nil }
      }
      #expect(
        steps.first == "SEARCH t USING PRIMARY KEY (name=? AND start_time>? AND start_time<?)",
        "\(steps)")
      filter.until = at(10)
      #expect(try await store.episodes(matching: filter, limit: 5).episodes.isEmpty)
    }
  }
}
