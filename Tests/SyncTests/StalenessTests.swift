import Cache
import DurableStore
import Foundation
import Sync
import Testing

@Suite("How old a search's picture of a store elsewhere may be")
struct StalenessTests {
  private struct Desk {
    let folder = Result { try TemporaryFolder() }
    let store: DurableStore
    let records: RecordCache
    let segments: SegmentCache
    let coordinator: SyncCoordinator
    let hand = CoordinatorTests.Hand()

    init(stalenessSeconds: Double) async throws {
      let folder = try folder.get()
      let path = folder.file("store.db")
      records = try RecordCache.open(
        at: folder.file("cache/records"),
        configuration: RecordCacheConfiguration(mapBytes: Rig.mapBytes))
      segments = try SegmentCache.open(at: folder.file("cache/segments"), mapBytes: Rig.mapBytes)
      let connection = StoreConnection(elsewhere: { try await DurableStore.open(path: path) })
      let hand = hand
      coordinator = SyncCoordinator(
        connection: connection,
        synchronizer: Synchronizer(
          connection: connection, records: records, segments: segments,
          configuration: SyncConfiguration(stalenessSeconds: stalenessSeconds)),
        now: { hand.seconds })
      try await coordinator.run(.startUp)
      store = try coordinator.connection.current()
    }

    func search() async { await coordinator.catchUp(waitSecondsMax: 60) }

    func other(_ body: (DurableStore) async throws -> Void) async throws {
      let other = try await DurableStore.open(path: folder.get().file("store.db"))
      try await body(other)
      other.close()
    }

    func close() {
      coordinator.connection.close()
      records.close()
      segments.close()
    }
  }

  @Test("Within it nothing is asked; after it what others wrote is found")
  func bounded() async throws {
    let desk = try await Desk(stalenessSeconds: 1)
    let count = desk.coordinator.health.syncCount
    try await desk.other { _ = try await $0.insert([Samples.new("e0")]) }
    for _ in 0..<20 { await desk.search() }
    desk.hand.move(seconds: 0.9)
    await desk.search()
    #expect(desk.coordinator.health.syncCount == count)
    #expect(try !desk.records.containsEpisode(id: "e0"))
    desk.hand.move(seconds: 0.2)
    await desk.search()
    #expect(desk.coordinator.health.syncCount == count + 1)
    #expect(try desk.records.containsEpisode(id: "e0"))
    desk.close()
  }

  @Test("What this process writes is found by its next search, whether a sync followed or not")
  func ownWrites() async throws {
    let desk = try await Desk(stalenessSeconds: 3600)
    for round in 0..<5 {
      try await desk.store.insert([Samples.new("e\(round)")])
      await desk.search()
      #expect(try desk.records.containsEpisode(id: "e\(round)"))
      let count = desk.coordinator.health.syncCount
      await desk.search()
      #expect(desk.coordinator.health.syncCount == count)
    }
    // Its sync after the write is enough.
    try await desk.store.insert([Samples.new("last")])
    await desk.coordinator.runAfterWrite()
    #expect(try desk.records.containsEpisode(id: "last"))
    let count = desk.coordinator.health.syncCount
    await desk.search()
    #expect(desk.coordinator.health.syncCount == count)
    desk.close()
  }

  @Test("Without any each search asks")
  func none() async throws {
    let desk = try await Desk(stalenessSeconds: 0)
    for round in 0..<5 {
      try await desk.other { _ = try await $0.insert([Samples.new("e\(round)")]) }
      await desk.search()
      #expect(try desk.records.containsEpisode(id: "e\(round)"))
    }
    let count = desk.coordinator.health.syncCount
    await desk.search()
    #expect(desk.coordinator.health.syncCount == count + 1)
    desk.close()
  }
}
