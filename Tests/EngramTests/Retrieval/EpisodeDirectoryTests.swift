import Episodes
import Foundation
import Testing

@testable import Engram

@Suite("The directory of episodes")
struct EpisodeDirectoryTests {
  /// Episodes with everything that a filter may ask for but place and metadata.
  private func episodes(_ count: Int, random: inout RandomEpisodes) -> [Episode] {
    random.episodes(count).map { episode in
      var episode = episode
      let start = episode.startTime.nanosecondsSince1970
      func time(after start: Int64) -> Timestamp {
        Timestamp(
          nanosecondsSince1970: start + Int64.random(in: 1...500, using: &random.generator)
            * 1_000_000_000)
      }
      if random.generator.chance(0.5) { episode.context.language = "swift" }
      if random.generator.chance(0.3) { episode.context.framework = "nio" }
      if random.generator.chance(0.4) { episode.validFrom = time(after: start) }
      if random.generator.chance(0.3) {
        episode.validUntil = time(
          after: (episode.validFrom ?? episode.startTime).nanosecondsSince1970)
      }
      if random.generator.chance(0.3) { episode.supersededBy = "later" }
      return episode
    }
  }

  private func filter(_ random: inout RandomEpisodes) -> EpisodeFilter {
    var filter = random.filter()
    if random.generator.chance(0.2) { filter.language = random.generator.pick(["swift", "c"]) }
    if random.generator.chance(0.2) { filter.framework = random.generator.pick(["nio", ""]) }
    if random.generator.chance(0.3) { filter.isFinished = random.generator.chance(0.5) }
    if random.generator.chance(0.3) { filter.isCurrent = true }
    if random.generator.chance(0.3) {
      filter.asOf = Timestamp(
        nanosecondsSince1970: (RandomEpisodes.start
          + Int64.random(in: 0..<1500, using: &random.generator)) * 1_000_000_000)
    }
    return filter
  }

  @Test("It answers every filter as the episodes themselves do, after changes and a compaction too")
  func filters() throws {
    let seed: UInt64 = 20_261_122
    var random = RandomEpisodes(seed: seed)
    var index = RetrievalIndex(filling: "", watermark: 0)
    var stored: [String: Episode] = [:]
    for episode in episodes(300, random: &random) {
      index.put(episode, terms: [])
      stored[episode.id] = episode
    }
    for episode in episodes(60, random: &random) where random.generator.chance(0.5) {
      if random.generator.chance(0.3) {
        index.remove(episode.id)
        stored[episode.id] = nil
      } else {
        index.put(episode, terms: [])
        stored[episode.id] = episode
      }
    }
    var matchCount = 0
    for round in 0..<400 {
      if round == 200 { index = index.compacted() }
      let filter = filter(&random)
      let flags = try #require(index.directory.flags(matching: filter))
      #expect(flags.count == index.directory.columns.count)
      let found = flags.indices.filter { flags[$0] }.map { index.directory.id(of: $0) }.sorted()
      let expected = stored.values.filter(filter.matches).map(\.id).sorted()
      #expect(found == expected, "seed \(seed), round \(round), \(filter)")
      matchCount += expected.count
    }
    #expect(matchCount > 2000, "the filters meet something")
  }

  @Test(
    "After a compaction no name of an episode that is gone is left, and filters find the others")
  func forgottenNames() throws {
    var random = RandomEpisodes(seed: 5)
    var index = RetrievalIndex(filling: "", watermark: 0)
    var secret = random.episode("secret")
    secret.sessionID = "quokkasession"
    secret.agentID = "quokkaagent"
    secret.context.domain = "quokkadomain"
    secret.tags = [try Tag("quokkatag")]
    var kept = random.episode("kept")
    kept.sessionID = "spring"
    kept.tags = [try Tag("late"), try Tag("early")]
    index.put(secret, terms: [1])
    index.put(kept, terms: [2])
    index.remove("secret")
    index = index.compacted()
    #expect(!index.directory.symbols.names.contains { $0.hasPrefix("quokka") })
    #expect(index.directory.symbols.names.contains("spring"))
    for filter in [
      EpisodeFilter(sessionID: "spring"),
      EpisodeFilter(tagsAll: [try Tag("early"), try Tag("late")]),
    ] {
      #expect(index.directory.flags(matching: filter) == [true])
    }
    #expect(index.directory.flags(matching: EpisodeFilter(sessionID: "quokkasession")) == [false])
  }

  @Test("It leaves filters on places and metadata to the store")
  func unknownConditions() {
    let directory = EpisodeDirectory()
    #expect(directory.flags(matching: EpisodeFilter(metadata: .exists(key: "key"))) == nil)
    let box = GeographicBox(south: 0, west: 0, north: 1, east: 1)
    #expect(directory.flags(matching: EpisodeFilter(place: .box(box))) == nil)
    #expect(directory.flags(matching: EpisodeFilter()) == [])
  }

  @Test("It knows whose each embedding is, through changes and a compaction")
  func embeddings() {
    let seed: UInt64 = 7
    var random = RandomEpisodes(seed: seed)
    var index = RetrievalIndex(filling: "", watermark: 0)
    var owners: [UInt64: String] = [:]
    var next: UInt64 = 4090
    for round in 0..<2000 {
      if round % 500 == 499 { index = index.compacted() }
      let episode = random.episode("e\(Int.random(in: 0..<200, using: &random.generator))")
      let choice = Int.random(in: 0..<4, using: &random.generator)
      if choice == 3, let id = owners.keys.sorted().first {
        index.directory.removeEmbedding(id)
        owners[id] = nil
        continue
      }
      if choice < 2 || index.directory.number(of: episode.id) != nil {
        owners = owners.filter { $0.value != episode.id }
      }
      if choice == 0 {
        index.remove(episode.id)
        continue
      }
      let ids = (0..<UInt64(choice)).map { _ in
        next += UInt64.random(in: 1...9, using: &random.generator)
        return next
      }
      if index.directory.number(of: episode.id) == nil || choice == 1 {
        index.put(episode, terms: [], embeddings: ids)
      } else {
        index.directory.setEmbeddings(ids, of: episode.id)
      }
      for id in ids { owners[id] = episode.id }
    }
    for id in 4000...(next + 5000) {
      let owner = index.directory.number(ofEmbedding: id).map { index.directory.id(of: $0) }
      #expect(owner == owners[id], "seed \(seed), embedding \(id)")
    }
    #expect(owners.count > 50)
    let all = [Bool](repeating: true, count: index.directory.columns.count)
    let present = zip(all, index.directory.columns.arePresent).map { $0 && $1 }
    #expect(index.directory.embeddings(ofFlagged: present).sorted() == owners.keys.sorted())
    #expect(index.directory.number(ofEmbedding: .max) == nil)
  }
}
