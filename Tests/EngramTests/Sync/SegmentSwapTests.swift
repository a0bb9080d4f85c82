import Engram
import Episodes
import Foundation
import Synchronization
import Testing

@Suite("Index segments that are replaced")
struct SegmentSwapTests {
  private final class Builds: Sendable {
    let areDone = Atomic<Bool>(false)
  }

  @Test("Searches find as many while another memory builds the index again and again")
  func swappedUnderSearches() async throws {
    let home = TemporaryHome()
    let (searching, building) = (try await home.open(), try await home.open())
    var random = RandomEpisodes(seed: 81)
    _ = try await building.importEpisodes(random.episodes(300))
    let builds = Builds()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          while !builds.areDone.load(ordering: .relaxed) {
            let hits = try await searching.search(SearchRequest("login timeout", limit: 20)).hits
            #expect(hits.count == 20)
            #expect(Set(hits.map(\.episode.id)).count == 20)
          }
        }
      }
      for _ in 0..<8 { _ = try await building.buildIndex() }
      builds.areDone.store(true, ordering: .relaxed)
      try await group.waitForAll()
    }
    #expect(try await searching.indexStatus().segments.count == 1)
    searching.close()
    building.close()
  }

  @Test("A memory that is idle but for its syncs lets go of old segments, so that their space is used again")
  func spaceIsUsedAgain() async throws {
    let home = TemporaryHome()
    let (idle, building) = (try await home.open(), try await home.open())
    var random = RandomEpisodes(seed: 82)
    _ = try await building.importEpisodes(random.episodes(400))
    let bytes = try await building.buildIndex().byteCount
    // Maps the segment.
    _ = try await idle.search(SearchRequest("login"))
    for _ in 0..<12 {
      _ = try await building.buildIndex()
      try await idle.sync()
    }
    let attributes = try FileManager.default.attributesOfItem(
      atPath: home.file("cache/segments/data.mdb"))
    let fileBytes = try #require(attributes[.size] as? Int)
    #expect(fileBytes < 5 * bytes, "\(fileBytes) bytes for segments of \(bytes)")
    idle.close()
    building.close()
  }
}
