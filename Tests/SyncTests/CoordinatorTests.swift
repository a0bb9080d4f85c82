import Cache
import DurableStore
import Episodes
import Foundation
import Sync
import Synchronization
import Testing

@Suite("A durable store that comes and goes")
struct CoordinatorTests {
  /// A clock that moves when it is told to.
  final class Hand: Sendable {
    private let milliseconds = Atomic<Int>(0)

    var seconds: Double { Double(milliseconds.load(ordering: .relaxed)) / 1000 }

    func move(seconds: Double) {
      milliseconds.add(Int(seconds * 1000), ordering: .relaxed)
    }
  }

  /// A coordinator of a store file and caches of its own in a folder.
  private struct Desk {
    let folder: TemporaryFolder
    let records: RecordCache
    let segments: SegmentCache
    let coordinator: SyncCoordinator
    let hand = Hand()
    var path: String { folder.file("store.db") }

    init(_ folder: TemporaryFolder) throws {
      self.folder = folder
      let records = try RecordCache.open(
        at: folder.file("cache/records"),
        configuration: RecordCacheConfiguration(mapBytes: Rig.mapBytes))
      self.records = records
      segments = try SegmentCache.open(at: folder.file("cache/segments"), mapBytes: Rig.mapBytes)
      let path = folder.file("store.db")
      let connection = StoreConnection(path: path) {
        (try? records.watermark) == nil
      } open: {
        try await DurableStore.open(path: path)
      }
      let hand = hand
      coordinator = SyncCoordinator(
        connection: connection,
        synchronizer: Synchronizer(
          connection: connection, records: records, segments: segments),
        retries: RetrySchedule(firstSeconds: 1, secondsMax: 8, jitter: 0), now: { hand.seconds })
    }

    func close() {
      coordinator.connection.close()
      records.close()
      segments.close()
    }

    func hide() throws {
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.moveItem(
          atPath: path + suffix, toPath: folder.file("hidden" + suffix))
      }
    }

    func bringBack() throws {
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.moveItem(
          atPath: folder.file("hidden" + suffix), toPath: path + suffix)
      }
    }
  }

  @Test("What another connection writes is noticed by the next search, and only then is synced")
  func staleness() async throws {
    let desk = try Desk(TemporaryFolder())
    try await desk.coordinator.run(.startUp)
    let other = try await DurableStore.open(path: desk.path)
    for round in 0..<20 {
      try await other.insert([Samples.new("e\(round)")])
      await desk.coordinator.catchUp(waitSecondsMax: 30)
      #expect(try desk.records.containsEpisode(id: "e\(round)"))
    }
    // Once the clock of files has moved on, nothing more is asked of the store.
    try await Task.sleep(for: .milliseconds(100))
    await desk.coordinator.catchUp(waitSecondsMax: 30)
    let count = desk.coordinator.health.syncCount
    for _ in 0..<50 { await desk.coordinator.catchUp(waitSecondsMax: 30) }
    #expect(desk.coordinator.health.syncCount == count)
    other.close()
    desk.close()
  }

  @Test(
    "A file that is gone is not made anew while there is a cache of it, and is used when it is back"
  )
  func missingFile() async throws {
    let desk = try Desk(TemporaryFolder())
    try await desk.coordinator.run(.startUp)
    try await desk.coordinator.connection.current().insert(Samples.new(0..<5))
    try await desk.coordinator.run(.manual)
    try desk.hide()
    #expect(throws: StoreAway.self) { try desk.coordinator.connection.current() }
    await #expect(throws: StoreAway.self) { try await desk.coordinator.run(.manual) }
    #expect(!FileManager.default.fileExists(atPath: desk.path))
    let health = desk.coordinator.health
    #expect(health.isStoreAway && health.failuresInARow == 1)
    #expect(health.problem?.contains(desk.path) == true)
    #expect(try desk.records.containsEpisode(id: "e3"))

    try desk.bringBack()
    try await desk.coordinator.run(.recovery)
    #expect(!desk.coordinator.health.isStoreAway)
    #expect(desk.coordinator.health.problem == nil)
    try await desk.coordinator.connection.current().insert(Samples.new(5..<6))
    #expect(try await desk.coordinator.run(.manual).episodesWritten == 1)
    desk.close()
  }

  @Test("After a failure searches wait longer and longer before one of them tries again")
  func backOff() async throws {
    let desk = try Desk(TemporaryFolder())
    try await desk.coordinator.run(.startUp)
    try await desk.coordinator.connection.current().insert(Samples.new(0..<3))
    try await desk.coordinator.run(.manual)
    try desk.hide()
    var waits: [Double] = []
    for failures in 1...6 {
      await desk.coordinator.catchUp(waitSecondsMax: 30)
      #expect(desk.coordinator.health.failureCount == failures)
      // Too early, whoever asks.
      for _ in 0..<5 { await desk.coordinator.catchUp(waitSecondsMax: 30) }
      #expect(desk.coordinator.health.failureCount == failures)
      let wait = try #require(desk.coordinator.secondsToRetry)
      waits.append(wait)
      desk.hand.move(seconds: wait)
    }
    #expect(waits == [1, 2, 4, 8, 8, 8])
    try desk.bringBack()
    await desk.coordinator.catchUp(waitSecondsMax: 30)
    #expect(desk.coordinator.health.failuresInARow == 0)
    #expect(desk.coordinator.health.lastTrigger == .recovery)
    #expect(desk.coordinator.secondsToRetry == nil)
    desk.close()
  }

  @Test("A cache that another process emptied, or left half-filled, is filled by the next search")
  func emptiedCache() async throws {
    let desk = try Desk(TemporaryFolder())
    try await desk.coordinator.run(.startUp)
    try await desk.coordinator.connection.current().insert(Samples.new(0..<30))
    try await desk.coordinator.run(.manual)
    try await Task.sleep(for: .milliseconds(100))
    await desk.coordinator.catchUp(waitSecondsMax: 30)
    let count = desk.coordinator.health.syncCount
    let whole = try desk.coordinator.cacheState()
    #expect(desk.coordinator.isComplete(whole))
    try desk.records.removeAll()
    #expect(!desk.coordinator.isComplete(try desk.coordinator.cacheState()))
    await desk.coordinator.catchUp(waitSecondsMax: 30)
    #expect(try desk.records.embeddingCount == 30)
    #expect(desk.coordinator.health.syncCount == count + 1)
    let filled = try desk.coordinator.cacheState()
    #expect(filled.filling != whole.filling)
    // Emptied by a process that was killed before it wrote a page.
    let origin = try #require(try desk.records.origin)
    try desk.records.removeAll(leaving: -7, origin: origin + " of another release")
    #expect(try desk.coordinator.cacheState().isBeingFilled)
    await desk.coordinator.catchUp(waitSecondsMax: 30)
    while try desk.coordinator.cacheState().isBeingFilled {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try desk.records.embeddingCount == 30)
    #expect(try await desk.coordinator.synchronizer.validate().problems == [])
    desk.close()
  }

  @Test("Another file in the store's place is opened, and the cache filled from it")
  func replacedFile() async throws {
    let folder = try TemporaryFolder()
    let desk = try Desk(folder)
    try await desk.coordinator.run(.startUp)
    try await desk.coordinator.connection.current().insert(Samples.new(0..<3))
    try await desk.coordinator.run(.manual)
    let other = try await DurableStore.open(path: folder.file("other.db"))
    try await other.insert([Samples.new("only")])
    other.close()
    try desk.hide()
    try FileManager.default.moveItem(atPath: folder.file("other.db"), toPath: desk.path)
    await desk.coordinator.catchUp(waitSecondsMax: 30)
    #expect(try desk.records.episodeIDs() == ["only"])
    #expect(try await desk.coordinator.connection.current().episode(id: "only") != nil)
    desk.close()
  }

  @Test("A search does not wait longer than it may for a sync")
  func boundedWait() async throws {
    let folder = try TemporaryFolder()
    let records = try RecordCache.open(at: folder.file("records"))
    let segments = try SegmentCache.open(at: folder.file("segments"))
    let path = folder.file("store.db")
    let gate = Hand()
    let connection = StoreConnection(path: path) {
      true
    } open: {
      while gate.seconds == 0 { try await Task.sleep(for: .milliseconds(5)) }
      return try await DurableStore.open(path: path)
    }
    let coordinator = SyncCoordinator(
      connection: connection,
      synchronizer: Synchronizer(connection: connection, records: records, segments: segments))
    // Returns though the store does not open before the gate does.
    await coordinator.catchUp(waitSecondsMax: 0.05)
    #expect(coordinator.health.syncCount == 0)
    gate.move(seconds: 1)
    try await coordinator.run(.manual)
    #expect(coordinator.health.failureCount == 0)
    connection.close()
    records.close()
    segments.close()
  }
}
