import Embedders
import Engram
import Episodes
import Foundation
import Sync
import TestSupport
import Testing

@Suite("A disk that is full", .enabled(if: SmallDisk.isPossible, "mounts a file system"))
struct DiskFullTests {
  private func open(_ disk: SmallDisk) async throws -> Memory {
    let clock = StepClock()
    return try await Memory.open(
      MemoryConfiguration(
        home: Home(path: disk.path + "/home"), embedder: { WordEmbedder() },
        learning: LearningSettings(isAutomatic: false), now: { clock.now() }))
  }

  /// Checks that of each batch all is there, or nothing, and all of the acknowledged ones.
  private func check(
    _ memory: Memory, _ batches: [[Episode]], acknowledged: Set<Int>, _ hint: String
  ) async throws {
    for (number, batch) in batches.enumerated() {
      for episode in batch {
        let found = try await memory.episode(id: episode.id)
        #expect(found == (acknowledged.contains(number) ? episode : nil), "\(episode.id), \(hint)")
      }
    }
    let hits = try await memory.search(SearchRequest("login", limit: 1000)).hits
    let count = acknowledged.reduce(0) { $0 + batches[$1].count }
    // Where the cache had no room to follow, the store is searched.
    #expect(hits.count == count, "\(hint)")
  }

  @Test(
    "Writes are refused, what was acknowledged is found, and with room again all goes on",
    arguments: [0, 40_000, 200_000, 1_000_000])
  func writes(room: Int) async throws {
    let disk = try SmallDisk(byteCount: 32 << 20)
    var random = RandomEpisodes(seed: 71)
    let batches = (0..<40).map { random.episodes(20, prefix: "b\($0)-") }
    var acknowledged: Set<Int> = []
    let memory = try await open(disk)
    for number in 0..<4 {
      _ = try await memory.importEpisodes(batches[number])
      acknowledged.insert(number)
    }
    _ = try await memory.buildIndex()
    try disk.fill(leaving: room)
    var refusedCount = 0
    for number in 4..<39 {
      do {
        _ = try await memory.importEpisodes(batches[number])
        acknowledged.insert(number)
      } catch {
        #expect(error.code == .storeFailed, "\(error)")
        refusedCount += 1
      }
    }
    #expect(refusedCount > 0)
    try await check(memory, batches, acknowledged: acknowledged, "full")
    await #expect(throws: EngramError.self) { _ = try await memory.buildIndex() }
    try await check(memory, batches, acknowledged: acknowledged, "index not built")
    await memory.close()

    // Opened on a full disk, and then with room.
    if let reopened = try? await open(disk) {
      try await check(reopened, batches, acknowledged: acknowledged, "opened full")
      await reopened.close()
    }
    try disk.empty()
    let again = try await open(disk)
    for number in batches.indices where !acknowledged.contains(number) {
      _ = try await again.importEpisodes(batches[number])
      acknowledged.insert(number)
    }
    try await check(again, batches, acknowledged: acknowledged, "room again")
    _ = try await again.buildIndex()
    try await check(again, batches, acknowledged: acknowledged, "index built")
    #expect(try await again.validateCache().problems == [])
    await again.close()
  }
}
