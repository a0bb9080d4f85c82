import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Commits that the disk may not have")
struct PowerLossTests {
  private func batch(_ id: String) -> CacheBatch {
    var batch = CacheBatch()
    batch.episodes = [
      Episode(id: id, taskDescription: id, startTime: Timestamp(nanosecondsSince1970: 1))
    ]
    return batch
  }

  @Test("A mark stands beside the cache from before the first commit until everything is flushed")
  func mark() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    let mark = UnsyncedMark(directory: path)
    let cache = try RecordCache.open(at: path)
    #expect(mark.exists)
    try cache.flush()
    #expect(!mark.exists)
    try cache.apply(batch("a"))
    #expect(mark.exists && !mark.tellsOfLoss)
    try cache.flush()
    #expect(!mark.exists)
    _ = try cache.episode(id: "a")
    #expect(!mark.exists)
    try cache.apply(batch("b"))
    cache.close()
    #expect(!mark.exists)
  }

  @Test("A killed process loses nothing, and its mark is taken over")
  func killed() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let cache = try RecordCache.open(at: path)
      try cache.apply(PowerLossTests().batch("a"))
      kill(getpid(), SIGKILL)
    }
    let mark = UnsyncedMark(directory: path)
    #expect(mark.exists && !mark.tellsOfLoss)
    let cache = try RecordCache.open(at: path)
    #expect(cache.opening == .existing)
    #expect(try cache.episode(id: "a") != nil)
    try cache.apply(batch("b"))
    cache.close()
    #expect(!mark.exists)
  }

  @Test("After the system stopped before a flush, the cache is set aside and a new one begins")
  func powerLoss() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    var cache = try RecordCache.open(at: path)
    try cache.apply(batch("a"))
    cache.close()
    let mark = UnsyncedMark(directory: path)
    for text in ["00000000-0000-0000-0000-000000000000", "lost", ""] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: mark.path))
      cache = try RecordCache.open(at: path)
      guard case .rebuilt(let reason, _) = cache.opening else {
        Issue.record("\(cache.opening)")
        return
      }
      #expect(reason.description.contains("before the disk had all of it"))
      #expect(try cache.episodeIDs() == [])
      try cache.apply(batch("b"))
      cache.close()
      cache = try RecordCache.open(at: path)
      #expect(cache.opening == .existing)
      #expect(try cache.episodeIDs() == ["b"])
      cache.close()
    }
  }
}
