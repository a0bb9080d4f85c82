import Engram
import Episodes
import Sync
import Testing

@Suite("An embedder whose vectors have another length")
struct EmbedderLengthTests {
  /// The same name of the model, as when another one was put in its folder.
  private func configuration(_ home: TemporaryHome, dimension: Int) -> MemoryConfiguration {
    var configuration = home.configuration()
    configuration.embedder = { WordEmbedder(dimension: dimension) }
    return configuration
  }

  @Test(
    "What was embedded before is found by its words, what comes after by its meaning too, and building mends the index",
    arguments: [false, true])
  func anotherLength(isIndexed: Bool) async throws {
    let home = TemporaryHome()
    var memory = try await Memory.open(configuration(home, dimension: 32))
    for number in 0..<6 {
      try await memory.experience(
        "old crossing number\(number)", tools: ["grep", "edit\(number)", "pytest"])
    }
    try await memory.learnPending()
    if isIndexed { #expect(try await memory.buildIndex().count == 6) }
    await memory.close()

    memory = try await Memory.open(configuration(home, dimension: 48))
    _ = try await memory.startEpisode(NewTask("new crossing of zebras", id: "new"))
    let texts = try await memory.search(
      SearchRequest("number3 crossing", limit: 10, mode: .text)
    ).hits
    #expect(texts.count == 7 && texts[0].episode.taskDescription == "old crossing number3")
    try await memory.experience("new crossing again", tools: ["grep", "edit9", "pytest"])
    try await memory.learnPending()
    let request = PatternRequest("old crossing number3 grep", limit: 20)
    if isIndexed {
      // What has to compare says so, and what to do; it compares no vectors of different lengths.
      let error = await engramError {
        _ = try await memory.search(SearchRequest("zebras crossing", mode: .vector))
      }
      #expect(error?.code == .indexDamaged)
      #expect(error?.message.contains("engram index build") == true)
      await expectError(.indexDamaged) { _ = try await memory.searchPatterns(request) }
      #expect(try await memory.buildIndex().count == 2)
    }
    #expect(try await memory.searchPatterns(request).isEmpty == false)
    _ = try await memory.recommend(request)
    let near = try await memory.search(SearchRequest("zebras crossing", mode: .vector)).hits
    #expect(near.first?.episode.id == "new")
    let both = try await memory.search(SearchRequest("old crossing number3", limit: 10)).hits
    #expect(both.contains { $0.episode.taskDescription == "old crossing number3" })
    #expect(try await memory.verifyIndex().problems == [])
    #expect(try await memory.validateCache().problems == [])
    await memory.close()

    // And back again.
    memory = try await Memory.open(configuration(home, dimension: 32))
    _ = try await memory.buildIndex()
    let old = try await memory.search(SearchRequest("number3 crossing", mode: .vector)).hits
    #expect(old.first?.episode.taskDescription == "old crossing number3")
    await memory.close()
  }
}
