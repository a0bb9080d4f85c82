import Dispatch
import Embedders
import Episodes
import Sync
import Synchronization
import Testing

@testable import Engram

@Suite("Maps")
struct MapTests {
  private static func fill(_ memory: Memory, count: Int) async throws {
    let episodes = (1...count).map { number in
      Episode(
        id: "e\(number)", taskDescription: "task \(number) of \(number * number) parts",
        startTime: Timestamp(secondsSince1970: Double(number)))
    }
    _ = try await memory.importEpisodes(episodes)
  }

  /// Where the points of a map lie: at one place in all copies of one drawing.
  private static func place(_ map: EpisodeMap) -> Int {
    map.points.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
  }

  @Test("Those who ask at once wait for one drawing, and its map is kept until something changes")
  func sharing() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await Self.fill(memory, count: 20)
      let maps = try await withThrowingTaskGroup(of: EpisodeMap.self) { group in
        for _ in 0..<8 { group.addTask { try await memory.map() } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(maps).count == 1 && maps[0].points.count == 20)
      let again = try await memory.map()
      #expect(Set((maps + [again]).map(Self.place)).count == 1)
      try await memory.deleteEpisode("e1")
      let later = try await memory.map()
      #expect(later.points.count == 19 && Self.place(later) != Self.place(again))
    }
  }

  @Test("A map that is given up before its turn is not drawn, and the next one is")
  func givenUp() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      try await Self.fill(memory, count: 5)
      _ = try await memory.map(limit: 1)
      let gate = DispatchSemaphore(value: 0)
      let holding = Task { try await memory.mapLane.run { gate.wait() } }
      let asking = Task { try await memory.map() }
      try await Task.sleep(for: .milliseconds(500))
      asking.cancel()
      gate.signal()
      await #expect(throws: EngramError.self) { try await asking.value }
      try await holding.value
      let key = MapCache.Key(
        namespace: nil, limit: 2000, model: try memory.currentEmbedder().model)
      let state = try memory.coordinator.cacheState()
      #expect(memory.maps.withLock { $0.map(key, at: state) } == nil)
      #expect(try await memory.map().points.count == 5)
      #expect(memory.maps.withLock { $0.map(key, at: state) } != nil)
    }
  }
}
