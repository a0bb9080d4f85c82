import Cache
import Episodes
import TestSupport
import Testing

@testable import DurableStore
@testable import Sync

@Suite("Pages of episodes")
struct EpisodePagesTests {
  /// Some of them a hundred times as long as others, and lots with the same start.
  private func insert(_ count: Int, into store: DurableStore) async throws {
    try await store.insert(
      (0..<count).map { number in
        let length = number % 97 < 20 ? 2000 : 20
        return NewEpisode(
          Samples.episode(
            "e\(number)", text: String(repeating: "x", count: length), second: number / 7))
      })
  }

  @Test("Every episode comes once, in its order, however long the pages and the episodes are")
  func order() async throws {
    try await Rig.with { rig in
      try await insert(1500, into: rig.store)
      let seed = UInt64(20_261_123)
      print("seed \(seed)")
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<12 {
        let countMax = Int.random(in: 900..<1600, using: &generator)
        let limit = Int.random(in: 150..<900, using: &generator)
        let byteCountMax = Int.random(in: 10_000..<1_000_000, using: &generator)
        var pages = try await EpisodePages(store: rig.store, countMax: countMax)
        var batch = CacheBatch()
        var text = ""
        var lengths: [Int] = []
        while true {
          var byteCount = 0
          let before = batch.preparedEpisodes.count
          guard
            let page = try await pages.addPage(
              to: &batch, after: text, limit: limit, byteCountMax: byteCountMax, &byteCount)
          else { break }
          text = page.next
          lengths.append(page.count)
          #expect(batch.preparedEpisodes.count == before + page.count)
        }
        let expected = (max(0, 1500 - countMax)..<1500).map { "e\($0)" }
        #expect(
          batch.preparedEpisodes.map(\.id) == expected,
          "at most \(countMax), limit \(limit), bytes \(byteCountMax): pages of \(lengths)")
      }
    }
  }

  @Test("A page is as long as was asked for, and the last one has what is left")
  func length() async throws {
    try await Rig.with { rig in
      try await insert(1000, into: rig.store)
      var pages = try await EpisodePages(store: rig.store, countMax: .max)
      var batch = CacheBatch()
      var byteCount = 0
      let first = try await pages.addPage(
        to: &batch, after: "", limit: 600, byteCountMax: 100 << 20, &byteCount)
      #expect(first?.count == 600)
      let rest = try await pages.addPage(
        to: &batch, after: try #require(first).next, limit: 900, byteCountMax: 100 << 20, &byteCount
      )
      #expect(rest?.count == 400)
      #expect(byteCount > 0)
      let none = try await pages.addPage(
        to: &batch, after: try #require(rest).next, limit: 900, byteCountMax: 100 << 20, &byteCount
      )
      #expect(none == nil)
    }
  }
}
