import DurableStore
import Engram
import Episodes
import Foundation
import Sync
import Testing

@Suite("An older store that is put back under an open memory")
struct RestoredStoreTests {
  private func putBack(_ copy: String, in home: TemporaryHome) throws {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: home.file("engram.db" + suffix))
    }
    try FileManager.default.copyItem(atPath: copy, toPath: home.file("engram.db"))
  }

  @Test(
    "Searches find what it holds and nothing else, whatever numbers its records have",
    arguments: [false, true])
  func restored(isIndexed: Bool) async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    for number in 0..<5 { _ = try await memory.startEpisode(NewTask("invoice number\(number)")) }
    let inside = await #expect(throws: EngramError.self) {
      try await memory.backUpStore(to: home.file("copy.db"))
    }
    #expect(inside?.code == .unusableOutput)
    let copy = home.path + "-copy.db"
    defer { try? FileManager.default.removeItem(atPath: copy) }
    _ = try await memory.backUpStore(to: copy)
    for number in 0..<5 {
      _ = try await memory.startEpisode(
        NewTask("zebra crossing number\(number)", id: "gone\(number)"))
    }
    if isIndexed { _ = try await memory.buildIndex() }
    #expect(try await memory.search(SearchRequest("zebra crossing", limit: 5)).hits.count == 5)

    try putBack(copy, in: home)
    // The new records get the numbers of those that are gone, and the log is as long as it was.
    let other = try await home.open()
    for number in 0..<5 {
      _ = try await other.startEpisode(
        NewTask("printer driver number\(number)", id: "new\(number)"))
    }
    if isIndexed { _ = try await other.buildIndex() }
    let zebras = try await memory.search(SearchRequest("zebra crossing", limit: 20)).hits
    #expect(zebras.count == 10)
    #expect(zebras.allSatisfy { !$0.episode.id.hasPrefix("gone") })
    let fresh = try await home.open()
    for number in 0..<5 {
      let request = SearchRequest("printer driver number\(number)", limit: 20)
      let hits = try await memory.search(request).hits
      #expect(hits.first?.episode.id == "new\(number)")
      // As near as they are, by the vectors of today.
      #expect(try await fresh.search(request).hits == hits)
    }
    await fresh.close()
    #expect(try await memory.episode(id: "gone1") == nil)
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
    await other.close()
  }
}
