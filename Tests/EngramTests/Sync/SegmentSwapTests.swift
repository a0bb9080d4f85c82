import Engram
import Episodes
import Foundation
import Testing

@Suite("Index segments that are replaced")
struct SegmentSwapTests {
  @Test("Searches find as many while another memory builds the index again and again")
  func swappedUnderSearches() async throws {
    let home = TemporaryHome()
    let (searching, building) = (try await home.open(), try await home.open())
    var random = RandomEpisodes(seed: 81)
    _ = try await building.importEpisodes(random.episodes(80))
    let flag = Flag()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          while !flag.isRaised {
            let hits = try await searching.search(SearchRequest("login timeout", limit: 20)).hits
            #expect(hits.count == 20)
            #expect(Set(hits.map(\.episode.id)).count == 20)
            // Room for the build, on a machine with few processors.
            try await Task.sleep(for: .milliseconds(2))
          }
        }
      }
      for _ in 0..<3 { _ = try await building.buildIndex() }
      flag.raise()
      try await group.waitForAll()
    }
    #expect(try await searching.indexStatus().segments.count == 1)
    await searching.close()
    await building.close()
  }

  @Test(
    "A memory that is idle but for its syncs lets go of old segments, so that their space is used again"
  )
  func spaceIsUsedAgain() async throws {
    let home = TemporaryHome()
    let (idle, building) = (try await home.open(), try await home.open())
    var random = RandomEpisodes(seed: 82)
    _ = try await building.importEpisodes(random.episodes(80))
    let bytes = try await building.buildIndex().byteCount
    // Maps the segment.
    _ = try await idle.search(SearchRequest("login"))
    for _ in 0..<10 {
      _ = try await building.buildIndex()
      try await idle.sync()
    }
    let attributes = try FileManager.default.attributesOfItem(
      atPath: home.file("cache/segments/data.mdb"))
    let fileBytes = try #require(attributes[.size] as? Int)
    // Eleven that stayed would be more.
    #expect(fileBytes < 6 * bytes + 65_536, "\(fileBytes) bytes for segments of \(bytes)")
    await idle.close()
    await building.close()
  }
}
