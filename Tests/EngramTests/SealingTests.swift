import DurableStore
import Engram
import Episodes
import Foundation
import Sync
import Testing

@Suite("The tail of the index")
struct SealingTests {
  private func configuration(
    _ home: TemporaryHome, tail: Int = 40, isAutomatic: Bool = true
  ) -> MemoryConfiguration {
    var configuration = home.configuration()
    configuration.sealing.tailCountMax = tail
    configuration.sealing.isAutomatic = isAutomatic
    configuration.sealing.retrySeconds = 0.05
    return configuration
  }

  /// Asks until `condition` holds; an hour of waiting is a failure of the test's time limit.
  private func waitUntil(
    _ memory: Memory, _ condition: (IndexStatus) -> Bool
  ) async throws -> IndexStatus {
    while true {
      let status = try await memory.indexStatus()
      if condition(status) { return status }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test(
    "A tail that has grown becomes a segment by itself, and searches find the same",
    .timeLimit(.minutes(5)))
  func sealed() async throws {
    let home = TemporaryHome()
    let memory = try await Memory.open(configuration(home))
    var random = RandomEpisodes(seed: 61)
    let episodes = random.unrelatedEpisodes(60)
    _ = try await memory.importEpisodes(Array(episodes.prefix(40)))
    _ = try await memory.search(SearchRequest(episodes[0].taskDescription))
    try await Task.sleep(for: .milliseconds(200))
    #expect(try await memory.indexStatus().segments.isEmpty)
    _ = try await memory.importEpisodes(Array(episodes.dropFirst(40)))
    let before = try await memory.search(SearchRequest(episodes[5].taskDescription)).hits
    let status = try await waitUntil(memory) { $0.tailCount == 0 }
    #expect(status.segments.map(\.count) == [60])
    let after = try await memory.search(SearchRequest(episodes[5].taskDescription)).hits
    #expect(before.map(\.episode.id) == after.map(\.episode.id))
    #expect(try await memory.verifyIndex().problems == [])
    #expect(try await memory.validateCache().problems == [])
    await memory.close()
    let next = try await home.open()
    #expect(try await next.indexStatus().segments.map(\.count) == [60])
    await next.close()
  }

  @Test(
    "Segments of one size are merged, deleted embeddings go with it, and none is lost",
    .timeLimit(.minutes(5)))
  func merged() async throws {
    let home = TemporaryHome()
    let memory = try await Memory.open(configuration(home, tail: 10))
    var random = RandomEpisodes(seed: 62)
    for round in 0..<8 {
      _ = try await memory.importEpisodes(random.unrelatedEpisodes(12, prefix: "r\(round)-"))
      _ = try await memory.search(SearchRequest("cache"))
      if round == 6 { for index in 0..<5 { try await memory.deleteEpisode("r2-\(index)") } }
      _ = try await waitUntil(memory) { $0.tailCount == 0 }
    }
    let status = try await waitUntil(memory) { $0.segments.count == 1 }
    #expect(status.segments.map(\.count) == [91])
    #expect(status.deadCount == 0 && status.embeddingCount == 91)
    let found = try await memory.verifyIndex(queryCount: 91)
    #expect(found.problems == [] && found.recordCount == 91)
    await memory.close()
  }

  @Test("Several memories of one home seal each embedding once", .timeLimit(.minutes(5)))
  func several() async throws {
    let home = TemporaryHome()
    let memories = try await [
      Memory.open(configuration(home)), Memory.open(configuration(home)),
      Memory.open(configuration(home)),
    ]
    var random = RandomEpisodes(seed: 63)
    _ = try await memories[0].importEpisodes(random.unrelatedEpisodes(100))
    await withTaskGroup(of: Void.self) { group in
      for memory in memories {
        group.addTask { _ = try? await memory.search(SearchRequest("deploy timeout")) }
      }
    }
    for memory in memories {
      let status = try await waitUntil(memory) { $0.tailCount == 0 }
      #expect(status.segments.map(\.count) == [100])
    }
    for memory in memories { await memory.close() }
  }

  @Test("A memory that is closed while it seals ends, and its index is whole", arguments: 0..<6)
  func closed(round: Int) async throws {
    let home = TemporaryHome()
    let memory = try await Memory.open(configuration(home))
    var random = RandomEpisodes(seed: 64)
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(300))
    _ = try await memory.search(SearchRequest("deploy timeout"))
    try await Task.sleep(for: .milliseconds(round * 15))
    await memory.close()
    let next = try await Memory.open(configuration(home, isAutomatic: false))
    let status = try await next.indexStatus()
    #expect(status.tailCount + status.segments.reduce(0) { $0 + $1.count } == 300)
    #expect(try await next.validateCache().problems == [])
    // Nothing keeps the index of those that come after.
    #expect(try await next.buildIndex().count == 300)
    await next.close()
  }

  @Test("Where it is not wanted the tail grows")
  func notWanted() async throws {
    let home = TemporaryHome()
    let memory = try await Memory.open(configuration(home, tail: 5, isAutomatic: false))
    var random = RandomEpisodes(seed: 65)
    _ = try await memory.importEpisodes(random.unrelatedEpisodes(30))
    _ = try await memory.search(SearchRequest("deploy timeout"))
    try await Task.sleep(for: .milliseconds(200))
    #expect(try await memory.indexStatus().tailCount == 30)
    await memory.close()
  }

  @Test("Settings that mean nothing are refused by the name of their field")
  func refused() async throws {
    let changes: [(field: String, change: (inout SealingSettings) -> Void)] = [
      ("sealing.tailCountMax", { $0.tailCountMax = 0 }),
      ("sealing.mergedCountMax", { $0.mergedCountMax = -1 }),
      ("sealing.retrySeconds", { $0.retrySeconds = .nan }),
    ]
    for (field, change) in changes {
      let home = TemporaryHome()
      var configuration = home.configuration()
      change(&configuration.sealing)
      let error = await #expect(throws: EngramError.self) {
        _ = try await Memory.open(configuration)
      }
      #expect(error?.message.hasPrefix(field + ": is ") == true)
    }
  }
}
