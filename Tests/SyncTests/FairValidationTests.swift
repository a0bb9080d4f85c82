import Cache
import DurableStore
import Episodes
import Sync
import Synchronization
import Testing

@Suite("A validation that says nothing but the truth")
struct FairValidationTests {
  /// A clock that moves when it is told to.
  private final class Hand: Sendable {
    private let seconds = Atomic<Int64>(0)
    func move(seconds count: Int64) { seconds.add(count, ordering: .relaxed) }
    var now: Timestamp {
      Timestamp(
        nanosecondsSince1970: Samples.time.nanosecondsSince1970
          + seconds.load(ordering: .relaxed) * 1_000_000_000)
    }
  }

  private func with(
    _ configuration: RecordCacheConfiguration, _ body: (Rig) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    let rig = Rig(
      folder: folder, store: try await DurableStore.open(path: folder.file("store.db")),
      records: try RecordCache.open(at: folder.file("records"), configuration: configuration),
      segments: try SegmentCache.open(at: folder.file("segments"), mapBytes: Rig.mapBytes))
    try await rig.store.insert(Samples.new(0..<5))
    try await rig.synchronizer().run()
    try await body(rig)
    rig.close()
  }

  private func put(_ episodes: [Episode], in rig: Rig) throws {
    var batch = CacheBatch()
    batch.episodes = episodes
    try rig.records.apply(batch)
  }

  @Test("The latest episode may have been evicted for the bytes of others")
  func evictedForBytes() async throws {
    var configuration = RecordCacheConfiguration(mapBytes: Rig.mapBytes)
    configuration.episodeBytesMax = 500
    try await with(configuration) { (rig: Rig) async throws in
      #expect(try rig.records.containsEpisode(id: "e4"))
      // As reads do that missed them.
      for id in ["e0", "e1", "e2"] {
        try put([#require(try await rig.store.episode(id: id))], in: rig)
      }
      #expect(try !rig.records.containsEpisode(id: "e4"))
      #expect(try await rig.synchronizer().validate().problems == [])
    }
  }

  @Test("The latest episode may have expired, swept or not")
  func expired() async throws {
    let hand = Hand()
    var configuration = RecordCacheConfiguration(mapBytes: Rig.mapBytes)
    configuration.timeToLiveSeconds = 60
    configuration.now = { hand.now }
    try await with(configuration) { (rig: Rig) async throws in
      #expect(try await rig.synchronizer().validate().problems == [])
      hand.move(seconds: 61)
      #expect(try !rig.records.containsEpisode(id: "e4"))
      #expect(try await rig.synchronizer().validate().problems == [])
      #expect(try rig.records.sweep().expiredCount == 5)
      #expect(try await rig.synchronizer().validate().problems == [])
    }
  }

  @Test("A latest episode that nothing has dropped is missed, whatever the bounds are")
  func missing() async throws {
    var configuration = RecordCacheConfiguration(mapBytes: Rig.mapBytes)
    configuration.timeToLiveSeconds = 3600
    configuration.episodeBytesMax = 100_000
    try await with(configuration) { (rig: Rig) async throws in
      // Of before the filling, which counts no more.
      configuration.episodesMax = 2
      try put([], in: rig)
      var batch = CacheBatch()
      batch.deletedEpisodeIDs = ["e4"]
      try rig.records.apply(batch)
      let found = try await rig.synchronizer().validate()
      #expect(!found.isLatestPresent)
      #expect(found.problems.contains("the latest episode is not cached"))
      try await rig.synchronizer().refill()
      #expect(try await rig.synchronizer().validate().problems == [])
    }
  }

  /// Runs `body` again and again while another connection writes and its synchronizer carries it: `count` times
  /// at least, and until that has written a few times.
  private func whileWriting(
    to rig: Rig, count: Int, _ body: () async throws -> Void
  ) async throws {
    let isDone = Mutex(false)
    let rounds = Mutex(0)
    let other = try await DurableStore.open(path: rig.folder.file("store.db"))
    let synchronizer = Synchronizer(store: other, records: rig.records, segments: rig.segments)
    let writing = Task { @Sendable in
      var round = 0
      while !isDone.withLock({ $0 }) {
        try await other.insert(Samples.new(100 + round..<101 + round))
        try await other.update(
          Samples.episode("e2", text: "round \(round)", second: 2),
          embeddings: [Samples.embedding("e2", value: Float(round))])
        try await other.put(Samples.pattern("p\(round % 3)", rate: Double(round % 7) / 10))
        if round > 3 { try await other.deleteEpisode(id: "e\(98 + round)") }
        if round.isMultiple(of: 2) { try await synchronizer.run() }
        round += 1
        rounds.withLock { $0 = round }
      }
    }
    do {
      let end = ContinuousClock.now + .seconds(120)
      var times = 0
      while times < count || (rounds.withLock { $0 } <= 3 && ContinuousClock.now < end) {
        try await body()
        times += 1
      }
      isDone.withLock { $0 = true }
    } catch {
      isDone.withLock { $0 = true }
      throw error
    }
    try await writing.value
    #expect(rounds.withLock { $0 } > 3)
    other.close()
  }

  @Test("What another process writes meanwhile is no fault of the cache")
  func underWrites() async throws {
    try await with(RecordCacheConfiguration(mapBytes: Rig.mapBytes)) { rig in
      // On a busy machine the writer may stand still for longer than a person would wait.
      let synchronizer = rig.synchronizer(SyncConfiguration(validationWaitSeconds: 60))
      try await whileWriting(to: rig, count: 15) { () async throws in
        let found = try await synchronizer.validate()
        #expect(found.problems == [], "change \(found.watermark) of \(found.lastChange)")
      }
      try await rig.synchronizer().run()
      #expect(try await rig.synchronizer().validate().problems == [])
    }
  }

  @Test("A fault is found while another process writes")
  func faultUnderWrites() async throws {
    try await with(RecordCacheConfiguration(mapBytes: Rig.mapBytes)) { rig in
      try put([Samples.episode("e1", text: "something else")], in: rig)
      try await whileWriting(to: rig, count: 4) { () async throws in
        let found = try await rig.synchronizer().validate()
        #expect(found.problems == ["1 cached episodes differ from the store"])
      }
    }
  }
}
