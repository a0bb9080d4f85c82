import Cache
import Episodes
import Foundation
import Testing

@testable import DurableStore
@testable import Sync

@Suite("Long ways to go")
struct FillTests {
  @Test("A new cache of a long log is filled from the records, and then follows the log")
  func newCache() async throws {
    try await Rig.with(episodesMax: 20) { rig in
      try await rig.store.insert(Samples.new(0..<60))
      try await rig.store.put(Samples.pattern("p1"))
      try await rig.store.deleteEpisode(id: "e59")
      let synchronizer = rig.synchronizer(
        SyncConfiguration(batchSize: 7, replayedChangesMax: 50))
      let report = try await synchronizer.run()
      #expect(report.isFull && !report.startedOver)
      #expect(report.changeCount == 0)
      // Those that would be evicted again are not carried.
      #expect(report.episodesWritten == 20)
      #expect(report.embeddingsWritten == 59)
      #expect(try rig.records.episodeIDs() == (39..<59).reversed().map { "e\($0)" })
      #expect(try await synchronizer.validate().problems == [])
      try await rig.store.insert(Samples.new(70..<71))
      let next = try await synchronizer.run()
      #expect(!next.isFull && next.episodesWritten == 1)
      #expect(try rig.records.episodeIDs().first == "e70")
    }
  }

  @Test("A long way is gone in growing transactions, a short one in single batches")
  func growingTransactions() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<200))
      let report = try await rig.synchronizer(batchSize: 10, batchesMax: 8).run()
      // 1, 2, 4 and from then on 8 batches of 10 changes.
      let rest = report.changeCount - 70
      #expect(report.changeCount >= 400)
      #expect(report.batchCount == 3 + (rest + 79) / 80)
      #expect(try await rig.synchronizer().validate().problems == [])
    }
  }

  @Test("Transactions end at the bound of their bytes, and nothing is lost at the seam")
  func boundedBytes() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<200))
      // Written twice: the second change of a record comes after the seam.
      for number in 0..<200 where number % 3 == 0 {
        try await rig.store.update(
          Samples.episode("e\(number)", text: "again", second: number),
          embeddings: [Samples.embedding("e\(number)", value: 9)])
      }
      let report = try await rig.synchronizer(
        SyncConfiguration(batchSize: 10, transactionBytesMax: 5000)
      ).run()
      #expect(report.batchCount > 10)
      #expect(try await rig.synchronizer().validate().problems == [])
      #expect(try rig.records.episode(id: "e3")?.taskDescription == "again")
    }
  }

  @Test("A log that cannot be trimmed fails no sync, and is trimmed by a later one")
  func trimRefused() async throws {
    try await Rig.with { rig in
      try await rig.store.write(
        "CREATE TRIGGER refuse BEFORE DELETE ON changes BEGIN SELECT raise(ABORT, 'no'); END")
      try await rig.store.insert(Samples.new(0..<700))
      let synchronizer = rig.synchronizer(SyncConfiguration(changesKept: 1000))
      let report = try await synchronizer.run(.periodic)
      #expect(report.changesTrimmed == 0)
      #expect(try rig.records.episodeIDs().count == 700)
      try await rig.store.write("DROP TRIGGER refuse")
      #expect(try await synchronizer.run(.periodic).changesTrimmed > 0)
    }
  }

  @Test("The log is trimmed to its length, and a cache behind it is filled anew")
  func trimmedLog() async throws {
    let folder = try TemporaryFolder()
    let rig = try await Rig.open(in: folder)
    try await rig.store.insert(Samples.new(0..<20))
    try await rig.synchronizer().run()
    let behind = try RecordCache.open(at: folder.file("behind/records"))
    let other = Synchronizer(store: rig.store, records: behind, segments: rig.segments)
    try await other.run()
    for round in 0..<7 {
      try await rig.store.insert(Samples.new(100 + round * 100..<200 + round * 100))
    }
    let configuration = SyncConfiguration(changesKept: 1000)
    // What a write starts is no time to tidy up.
    #expect(try await rig.synchronizer(configuration).run(.afterWrite).changesTrimmed == 0)
    let report = try await rig.synchronizer(configuration).run(.periodic)
    #expect(report.changesTrimmed > 0)
    let last = try await rig.store.lastChangeSequence()
    #expect(try await rig.store.firstChangeSequence() == last - 1000 + 1)
    #expect(try await rig.synchronizer(configuration).run(.periodic).changesTrimmed == 0)
    #expect(try await other.run().startedOver)
    #expect(try await other.validate().problems == [])
    behind.close()
    rig.close()
  }

  @Test("A store that was restored and has gone another way since is told from the one before")
  func divergedStore() async throws {
    let folder = try TemporaryFolder()
    var rig = try await Rig.open(in: folder)
    try await rig.store.insert(Samples.new(0..<5))
    rig.close()
    try FileManager.default.copyItem(
      atPath: folder.file("store.db"), toPath: folder.file("copy.db"))
    rig = try await Rig.open(in: folder)
    try await rig.store.insert(Samples.new(5..<9))
    try await rig.synchronizer().run()
    rig.close()
    // Has the same name, and more changes than the cache has seen.
    rig = try await Rig.open(in: folder, store: "copy.db")
    try await rig.store.insert((0..<30).map { Samples.new("other\($0)") })
    #expect(try await rig.synchronizer().run().startedOver)
    #expect(try rig.contents().episodes["e7"] == nil)
    #expect(try rig.contents().episodes.count == 35)
    #expect(try await rig.synchronizer().validate().problems == [])
    rig.close()
  }

  @Test("Callers that come while a sync is under way share the next one")
  func sharedRuns() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<50))
      let synchronizer = rig.synchronizer()
      try await withThrowingTaskGroup { group in
        for number in 0..<40 {
          group.addTask {
            try await rig.store.insert([Samples.new("own\(number)")])
            try await synchronizer.run(.afterWrite)
            #expect(try rig.records.containsEpisode(id: "own\(number)"))
          }
        }
        try await group.waitForAll()
      }
      #expect(await synchronizer.runCount <= 40)
      #expect(try await synchronizer.validate().problems == [])
    }
  }

  @Test(
    "What a cache keeps of its store is read as it was written",
    arguments: [
      CacheOrigin(storeID: "abc", filling: nil),
      CacheOrigin(storeID: "abc", filling: CacheOrigin.Filling(droppedBefore: 12)),
      CacheOrigin(
        storeID: "abc", filling: CacheOrigin.Filling(droppedBefore: 0),
        position: ChangeMark("12 episode insert id with spaces").map(CacheOrigin.Position.at)),
      CacheOrigin(storeID: "abc", filling: nil, position: .filling(FillState(target: 7))),
      CacheOrigin(
        storeID: "abc", filling: CacheOrigin.Filling(droppedBefore: 3),
        position: .filling(FillState(target: 7, part: .patterns, cursor: "p 1"))),
    ])
  func origins(origin: CacheOrigin) {
    #expect(CacheOrigin(origin.text) == origin)
  }

  @Test("Waits between tries grow to their bound, and chance only shortens them")
  func retrySchedule() {
    let schedule = RetrySchedule(firstSeconds: 0.1, secondsMax: 5, factor: 2, jitter: 0.25)
    #expect(
      (1...8).map { schedule.seconds(afterFailures: $0, chance: 0) }
        == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5])
    #expect(schedule.seconds(afterFailures: 8, chance: 1) == 3.75)
    #expect(schedule.seconds(afterFailures: .max, chance: 0) == 5)
  }
}
