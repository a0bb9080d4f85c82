import Cache
import DurableStore
import Episodes
import Sync
import Synchronization
import Testing

@Suite("Several syncs of one cache")
struct ConcurrentSyncTests {
  /// Runs two synchronizers, each several times, while the store is being written.
  private func race(_ rig: Rig, write: @escaping @Sendable (Int) async throws -> Void) async throws
  {
    let synchronizers = [rig.synchronizer(batchSize: 3), rig.synchronizer(batchSize: 5)]
    try await withThrowingTaskGroup { group in
      for synchronizer in synchronizers {
        for _ in 0..<4 {
          group.addTask { for _ in 0..<4 { try await synchronizer.run() } }
        }
      }
      group.addTask { for round in 0..<10 { try await write(round) } }
      try await group.waitForAll()
    }
    for synchronizer in synchronizers { try await synchronizer.run() }
    #expect(try await rig.synchronizer().validate().problems == [])
  }

  @Test("Two synchronizers at once, while records are written and deleted, converge")
  func records() async throws {
    try await Rig.with { rig in
      let store = rig.store
      try await store.insert(Samples.new(0..<60))
      try await race(rig) { round in
        try await store.insert(Samples.new(100 + round..<101 + round))
        try await store.deleteEpisode(id: "e\(round)")
        try await store.update(
          Samples.episode("e\(30 + round)", text: "changed"),
          embeddings: [Samples.embedding("e\(30 + round)", value: 5)])
      }
      #expect(try rig.contents().episodes.count == 60)
    }
  }

  @Test("Two synchronizers that both fill the cache anew converge")
  func refills() async throws {
    try await Rig.with { rig in
      let store = rig.store
      try await store.insert(Samples.new(0..<60))
      try await store.trimChanges(through: store.lastChangeSequence())
      try await race(rig) { round in
        try await store.insert(Samples.new(100 + round..<101 + round))
        try await store.deleteEpisode(id: "e\(round)")
      }
      #expect(try rig.contents().episodes.count == 60)
      #expect(try rig.records.embeddingCount == 60)
    }
  }

  @Test("Two synchronizers follow segments that replace one another")
  func segments() async throws {
    try await Rig.with { rig in
      let store = rig.store
      try await race(rig) { round in
        let old = try await store.segments().map(\.id)
        _ = try await Samples.publish(
          to: store, byteCount: 50_000, seed: round, replaces: old)
      }
      #expect(try rig.contents().segments.count == 1)
    }
  }

  @Test("A sync does not drop a segment that another one has just carried")
  func justCarried() async throws {
    try await Rig.with { rig in
      let store = rig.store
      let isDone = Mutex(false)
      let other = rig.synchronizer()
      let busy = Task { while !isDone.withLock({ $0 }) { try await other.run() } }
      let publishing = rig.synchronizer()
      var last: IndexSegment?
      for round in 0..<150 {
        let segment = try await Samples.publish(
          to: store, byteCount: 100, seed: round, replaces: last.map { [$0.id] } ?? [])
        try await publishing.run()
        let cached = try rig.segments.segments().map(\.id)
        #expect(cached.contains(segment.id), "segment \(segment.id) of \(cached)")
        last = segment
      }
      isDone.withLock { $0 = true }
      try await busy.value
    }
  }
}
