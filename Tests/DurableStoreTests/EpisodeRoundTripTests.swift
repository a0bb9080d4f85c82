import Episodes
import Testing

@testable import DurableStore

@Suite("Episodes written and read back")
struct EpisodeRoundTripTests {
  @Test("An episode written is read back field for field, whatever its fields hold")
  func roundTrip() async throws {
    let seed: UInt64 = 20_260_302
    print("seed \(seed)")
    var random = RandomEpisodes(seed: seed)
    let episodes = (0..<400).map { _ in random.episode() }
    try await withStore { store, folder in
      try await store.insert(episodes.map { NewEpisode($0) })
      for episode in episodes.prefix(100) {
        let found = try await store.episode(id: episode.id)
        #expect(found == episode)
      }
      let all = try await store.episodes(ids: episodes.map(\.id).reversed())
      #expect(all.count == episodes.count)
      for (found, episode) in zip(all, episodes.reversed()) { #expect(found == episode) }

      // Through another connection, from the file.
      let again = try await DurableStore.open(path: folder.file("store.db"))
      let last = try #require(episodes.last)
      #expect(try await again.episode(id: last.id) == last)
      try again.close()
    }
  }
}
