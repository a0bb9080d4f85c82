import Engram
import Episodes
import Testing

@testable import DurableStore

@Suite("Vectors that cannot be compared")
struct DamagedVectorTests {
  @Test(
    "One bad vector is left out, and stops neither searches nor builds", arguments: [false, true])
  func leftOut(isDamagedWhileOpen: Bool) async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    for number in 0..<12 {
      _ = try await memory.startEpisode(NewTask("zebra crossing number\(number)", id: "e\(number)"))
    }
    if !isDamagedWhileOpen { await memory.close() }
    let store = try await DurableStore.open(path: home.file("engram.db"))
    try await store.write(
      "UPDATE embeddings SET vector = ?1 WHERE owner_id = 'e5'",
      [.blob([UInt8](repeating: 0xff, count: 128))])
    store.close()
    if !isDamagedWhileOpen { memory = try await home.open() }
    for isIndexed in [false, true] {
      if isIndexed { #expect(try await memory.buildIndex().count == 11) }
      let request = SearchRequest("zebra crossing", limit: 20, mode: .vector)
      let found = try await memory.search(request).hits.map(\.episode.id)
      #expect(Set(found) == Set((0..<12).filter { $0 != 5 }.map { "e\($0)" }))
      #expect(try await memory.verifyIndex().problems == [])
    }
    // By its words it is found.
    let found = try await memory.search(SearchRequest("number5", limit: 1, mode: .text)).hits
    #expect(found.map(\.episode.id) == ["e5"])
    #expect(try await memory.checkStore().contains { $0.contains("'e5'") })
    await memory.close()
  }
}
