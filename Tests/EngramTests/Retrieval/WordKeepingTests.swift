import Engram
import Episodes
import Foundation
import Testing

@Suite("The index of words between processes")
struct WordKeepingTests {
  private static let question = SearchRequest(
    "refund invoice timeout", limit: 20, filter: EpisodeFilter(namespace: nil), mode: .text)

  private func stamp(_ path: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  }

  private func found(_ memory: Memory) async throws -> [String] {
    try await memory.search(Self.question).hits.map(\.episode.id)
  }

  @Test("An import leaves it to those that come after, who then need not read every episode")
  func afterImport() async throws {
    let home = TemporaryHome()
    let path = Home(path: home.path).wordIndexPath
    var random = RandomEpisodes(seed: 71)
    var memory = try await home.open()
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(900, prefix: "a"))
    await memory.prepareSearchAfterImport()
    // Few are read as fast.
    #expect(!FileManager.default.fileExists(atPath: path))
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(200, prefix: "b"))
    await memory.prepareSearchAfterImport()
    let made = try #require(try stamp(path))
    let expected = try await found(memory)
    #expect(expected.count == 20)
    await memory.close()

    memory = try await home.open()
    #expect(try await found(memory) == expected)
    // A few more are no reason to write it again; searches read what was added.
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(50, prefix: "c"))
    await memory.prepareSearchAfterImport()
    let more = try await found(memory)
    #expect(try stamp(path) == made)
    try await memory.prepareSearch()
    #expect(try #require(try stamp(path)) > made)
    await memory.close()

    memory = try await home.open()
    #expect(try await found(memory) == more)
    await memory.close()
    try FileManager.default.removeItem(atPath: path)
    memory = try await home.open()
    #expect(try await found(memory) == more)
    await memory.close()
  }

  @Test("It follows a long import while that is under way", .timeLimit(.minutes(5)))
  func duringImport() async throws {
    let home = TemporaryHome()
    let path = Home(path: home.path).wordIndexPath
    var random = RandomEpisodes(seed: 72)
    var memory = try await home.open()
    for batch in 0..<14 {
      #expect(batch > 12 || !FileManager.default.fileExists(atPath: path))
      _ = try await memory.importEpisodes(random.unrelatedEpisodes(400, prefix: "b\(batch)-"))
    }
    #expect(try await eventually { FileManager.default.fileExists(atPath: path) })
    // As if the import had been killed: what comes after finds the rest in the log of changes.
    let kept = try Data(contentsOf: URL(filePath: path))
    let expected = try await found(memory)
    await memory.close()
    try kept.write(to: URL(filePath: path))
    memory = try await home.open()
    #expect(try await found(memory) == expected)
    await memory.close()
  }
}
