import Episodes
import Testing

@testable import DurableStore

@Suite("Filters")
struct EpisodeFilterTests {
  /// Episodes with few distinct values, so that filters match some of them.
  static func episodes(seed: UInt64, count: Int) -> [Episode] {
    var random = SeededGenerator(seed: seed)
    let tags = ["auth", "jwt", "cache", "über"].compactMap { try? Tag($0) }
    let quotes = ["plain", "it's", "\"quoted\"", "%", "'; DROP TABLE episodes; --"]
    return (0..<count).map { index in
      var episode = Samples.episode("e\(index)", steps: 1)
      episode.namespace = random.pick(["default", "team-a"])
      episode.agentID = random.pick([nil, "agent-1", "agent-2"])
      episode.sessionID = random.pick([nil, "s1", "s2"])
      episode.taskType = random.pick([.debugging, .testing])
      episode.context.domain = random.pick(quotes)
      episode.context.language = random.pick([nil, "swift", "it's"])
      episode.metadata = random.pick([[:], ["priority": "3"], ["priority": "x", "owner": "me"]])
      episode.context.tags = random.list(upTo: 2) { $0.pick(tags) }
      episode.tags = random.list(upTo: 3) { $0.pick(tags) }
      episode.startTime = Timestamp(
        nanosecondsSince1970: Int64.random(in: -3...6, using: &random))
      episode.outcome = random.pick([
        nil, .success(verdict: "done", artifacts: []), .failure(reason: "no", details: nil),
        .abstained(reason: "risky", stoppedAtStep: 1, signals: []),
      ])
      return episode
    }
  }

  static func filter(_ random: inout SeededGenerator, like episode: Episode) -> EpisodeFilter {
    let names = ["auth", "jwt", "cache", "über", "none"].compactMap { try? Tag($0) }
    var filter = EpisodeFilter()
    if random.chance(0.3) { filter.namespace = episode.namespace }
    if random.chance(0.3) { filter.agentID = episode.agentID }
    if random.chance(0.3) { filter.sessionID = episode.sessionID }
    if random.chance(0.3) { filter.domain = episode.context.domain }
    if random.chance(0.3) { filter.taskType = episode.taskType }
    if random.chance(0.3) { filter.outcome = episode.outcome?.kind }
    if random.chance(0.3) { filter.language = episode.context.language }
    if random.chance(0.3) {
      filter.metadata = random.pick([
        .exists(key: "priority"), .atLeast(key: "priority", .number(2)),
        .not(.equals(key: "owner", value: "me")),
      ])
    }
    if random.chance(0.3) { filter.since = episode.startTime }
    if random.chance(0.3) {
      filter.until = Timestamp(
        nanosecondsSince1970: episode.startTime.nanosecondsSince1970 + 2)
    }
    if random.chance(0.3) { filter.tagsAny = random.list(upTo: 2) { $0.pick(names) } }
    if random.chance(0.3) { filter.tagsAll = random.list(upTo: 3) { $0.pick(names) } }
    return filter
  }

  @Test("Every filter gives the episodes that EpisodeFilter.matches accepts, newest first")
  func againstMatches() async throws {
    let seed: UInt64 = 4
    print("seed \(seed)")
    let episodes = Self.episodes(seed: seed, count: 300)
    var random = SeededGenerator(seed: seed + 1)
    try await withStore { store, _ in
      let outcomes = try await store.insert(
        episodes.map { NewEpisode($0, embeddings: [Samples.embedding($0.id)]) })
      let embeddingIDs = Dictionary(
        uniqueKeysWithValues: zip(episodes.map(\.id), outcomes.flatMap(\.embeddingIDs)))
      var matchCount = 0
      for _ in 0..<150 {
        let filter = Self.filter(&random, like: random.pick(episodes))
        let expected = episodes.enumerated().filter { filter.matches($0.element) }
          .sorted { ($0.element.startTime, $0.offset) > ($1.element.startTime, $1.offset) }
          .map(\.element)
        matchCount += expected.count
        let page = try await store.episodes(matching: filter, limit: 1000)
        #expect(page.episodes.map(\.id) == expected.map(\.id), "\(filter)")
        #expect(page.next == nil)
        #expect(try await store.count(matching: filter) == expected.count)
        #expect(
          try await store.embeddingOwners(matching: filter, model: "model").ids
            == expected.compactMap { embeddingIDs[$0.id] }.sorted())
      }
      #expect(matchCount > 1000)
    }
  }

  @Test("Pages follow on without gap or repetition, also when episodes arrive in between")
  func pages() async throws {
    let episodes = Self.episodes(seed: 9, count: 95)
    try await withStore { store, _ in
      try await store.insert(episodes.map { NewEpisode($0) })
      var seen: [Episode] = []
      var cursor: EpisodeCursor?
      var pageCount = 0
      repeat {
        let page = try await store.episodes(
          matching: EpisodeFilter(), limit: 10, after: cursor)
        seen += page.episodes
        pageCount += 1
        cursor = page.next.flatMap { EpisodeCursor($0.description) }
        var late = Samples.episode("late\(pageCount)")
        late.startTime = Timestamp(nanosecondsSince1970: 1000)
        try await store.insert([NewEpisode(late)])
      } while cursor != nil
      #expect(pageCount == 10)
      #expect(seen.count == 95)
      #expect(Set(seen.map(\.id)) == Set(episodes.map(\.id)))
      #expect(EpisodeCursor("not a cursor") == nil)
    }
  }
}
