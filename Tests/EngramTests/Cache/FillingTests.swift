import Engram
import Episodes
import Foundation
import Glibc
import Sync
import Testing

@Suite("A cache that another process empties and fills again")
struct FillingTests {
  /// A home with `count` episodes, and a memory of it that has searched.
  private func prepared(
    _ home: TemporaryHome, count: Int, seed: UInt64
  ) async throws -> (memory: Memory, hits: [EpisodeHit]) {
    let memory = try await home.open()
    var random = RandomEpisodes(seed: seed)
    _ = try await memory.importEpisodes(random.episodes(count))
    let hits = try await memory.search(SearchRequest("login timeout", limit: count)).hits
    #expect(hits.count == count)
    return (memory, hits)
  }

  @Test("Searches find all there is while another memory fills the cache again and again")
  func refilledUnderSearches() async throws {
    let home = TemporaryHome()
    let (searching, expected) = try await prepared(home, count: 60, seed: 91)
    var configuration = home.configuration()
    configuration.sync.batchSize = 3
    configuration.sync.batchesATransactionMax = 1
    let filling = try await Memory.open(configuration)
    let isDone = Flag()
    try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask {
        var count = 0
        while !isDone.isRaised {
          let hits = try await searching.search(SearchRequest("login timeout", limit: 60)).hits
          #expect(hits == expected)
          count += 1
          try await Task.sleep(for: .milliseconds(1))
        }
        return count
      }
      for round in 0..<4 {
        if round.isMultiple(of: 2) {
          try await filling.repairCache()
        } else {
          try await filling.clearCache()
        }
      }
      isDone.raise()
      for try await count in group { #expect(count > 0) }
    }
    #expect(try await searching.validateCache().problems == [])
    await searching.close()
    await filling.close()
  }

  @Test("A filling that was cut off is completed by the next search, though nobody wrote anything")
  func cutOff() async throws {
    let home = TemporaryHome()
    let (searching, expected) = try await prepared(home, count: 60, seed: 92)
    // Once the clock of files has moved on, nothing but the cache itself can tell.
    try await Task.sleep(for: .milliseconds(100))
    _ = try await searching.search(SearchRequest("login"))
    var configuration = home.configuration()
    configuration.sync.batchSize = 1
    configuration.sync.batchesATransactionMax = 1
    // Again where the machine stood still until all was filled.
    for _ in 0..<30 where try searching.cacheStatistics().watermark >= 0 {
      let filling = try await Memory.open(configuration)
      let cutOff = Task { try await filling.repairCache() }
      let end = Date().addingTimeInterval(20)
      while try !(1...20).contains(searching.cacheStatistics().episodes), Date() < end {
        await Task.yield()
      }
      // As good as killed: no page is written after it.
      await filling.close()
      _ = await cutOff.result
    }
    #expect(try searching.cacheStatistics().watermark < 0)
    #expect(try await searching.search(SearchRequest("login timeout", limit: 60)).hits == expected)
    try await expectFilled(searching)
    #expect(try await searching.validateCache().problems == [])
    await searching.close()
  }

  /// What the search began goes on beside it.
  private func expectFilled(_ memory: Memory) async throws {
    let end = Date().addingTimeInterval(180)
    while try memory.cacheStatistics().watermark <= 0, Date() < end {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(try memory.cacheStatistics().watermark > 0)
  }

  @Test("A filling whose process is killed at a random moment costs the others no hit")
  func killed() async throws {
    let home = TemporaryHome()
    let (searching, expected) = try await prepared(home, count: 300, seed: 93)
    let program = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("engram")
    var cutOffCount = 0
    // More while none has come in time, such as on a machine that is busy with other things.
    for round in 0..<30 where round < 6 || cutOffCount == 0 {
      let process = Process()
      process.executableURL = program
      process.arguments = ["cache", "clear", "--home", home.path]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let end = Date().addingTimeInterval(180)
      while process.isRunning, try searching.cacheStatistics().watermark >= 0, Date() < end {
        usleep(200)
      }
      usleep(UInt32(round % 6) * 3000)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if try searching.cacheStatistics().watermark < 0 { cutOffCount += 1 }
      #expect(
        try await searching.search(SearchRequest("login timeout", limit: 300)).hits == expected)
      try await expectFilled(searching)
    }
    #expect(cutOffCount > 0)
    #expect(try await searching.validateCache().problems == [])
    await searching.close()
  }
}
