import Cache
import DurableStore
import Episodes
import Foundation
import Sync
import Testing

@Suite("A cache that cannot go on is filled anew")
struct RefillTests {
  private func fill(_ store: DurableStore) async throws {
    try await store.insert(Samples.new(0..<30))
    for number in 0..<12 {
      try await store.put(
        Samples.pattern("p\(number)"), embeddings: [Samples.embedding("p\(number)", kind: .pattern)]
      )
      try await store.put(Samples.heuristic("h\(number)"))
    }
    try await store.deleteEpisode(id: "e7")
    try await store.deletePatterns(ids: ["p3"])
  }

  @Test("After the cache's folder is deleted a sync brings back the same content")
  func deletedCache() async throws {
    var rig = try await Rig.open(in: TemporaryFolder())
    try await fill(rig.store)
    _ = try await Samples.publish(to: rig.store, seed: 1)
    try await rig.synchronizer().run()
    let before = try rig.contents()
    #expect(before.episodes.count == 29)
    rig = try await rig.withoutCache()
    #expect(try rig.contents() == Rig.Contents())
    try await rig.synchronizer().run()
    #expect(try rig.contents() == before)
    rig.close()
  }

  @Test("A cache of another store is emptied and filled")
  func foreignStore() async throws {
    let folder = try TemporaryFolder()
    let first = try await Rig.open(in: folder)
    try await first.store.insert((0..<40).map { Samples.new("old\($0)") })
    _ = try await Samples.publish(to: first.store, seed: 1)
    _ = try await Samples.publish(to: first.store, seed: 2)
    try await first.synchronizer().run()
    first.close()

    let second = try await Rig.open(in: folder, store: "other.db")
    try await fill(second.store)
    _ = try await Samples.publish(to: second.store, seed: 3)
    let report = try await second.synchronizer().run()
    #expect(report.startedOver)
    let contents = try second.contents()
    #expect(contents.episodes.keys.allSatisfy { $0.hasPrefix("e") })
    #expect(contents.episodes.count == 29)
    #expect(contents.segments.count == 1)
    #expect(try await second.synchronizer().validate().problems == [])
    second.close()
  }

  @Test("A store restored from an older copy fills the cache anew")
  func restoredStore() async throws {
    let folder = try TemporaryFolder()
    var rig = try await Rig.open(in: folder)
    try await rig.store.insert(Samples.new(0..<5))
    rig.close()
    try FileManager.default.copyItem(
      atPath: folder.file("store.db"), toPath: folder.file("copy.db"))
    rig = try await Rig.open(in: folder)
    try await rig.store.insert(Samples.new(5..<9))
    try await rig.synchronizer().run()
    #expect(try rig.contents().episodes.count == 9)
    rig.close()
    rig = try await Rig.open(in: folder, store: "copy.db")
    #expect(try await rig.synchronizer().run().startedOver)
    #expect(try rig.contents().episodes.count == 5)
    #expect(try await rig.synchronizer().validate().problems == [])
    rig.close()
  }

  @Test("Records whose changes were trimmed reach a new cache", arguments: [3, 100])
  func trimmedBeforeFirstSync(batchSize: Int) async throws {
    try await Rig.with { rig in
      try await fill(rig.store)
      try await rig.synchronizer().run()
      let complete = try rig.contents()
      try await rig.store.trimChanges(through: rig.store.lastChangeSequence() - 4)
      try rig.records.removeAll()
      let report = try await rig.synchronizer(batchSize: batchSize).run()
      #expect(report.startedOver)
      #expect(try rig.contents() == complete)
      #expect(try await rig.synchronizer().validate().problems == [])
      #expect(try await rig.synchronizer().run().changedNothing)
    }
  }

  @Test("A cache behind a trimmed log is filled anew", arguments: [false, true])
  func trimmedPastWatermark(wholly: Bool) async throws {
    try await Rig.with { rig in
      try await fill(rig.store)
      try await rig.synchronizer().run()
      try await rig.store.insert(Samples.new(30..<40))
      try await rig.store.deleteEpisode(id: "e1")
      try await rig.store.deletePatterns(ids: ["p1"])
      try await rig.store.deleteHeuristics(ids: ["h1"])
      let last = try await rig.store.lastChangeSequence()
      try await rig.store.trimChanges(through: wholly ? last : last - 1)
      let report = try await rig.synchronizer(batchSize: 5).run()
      #expect(report.startedOver)
      #expect(report.watermark == last)
      let contents = try rig.contents()
      #expect(contents.episodes.count == 38)
      #expect(contents.episodes["e1"] == nil)
      #expect(contents.patterns.count == 10)
      #expect(contents.heuristics.count == 11)
      #expect(contents.embeddings.count == 48)
      #expect(try await rig.synchronizer().validate().problems == [])
    }
  }

  @Test("A log trimmed up to the watermark changes nothing")
  func trimmedToWatermark() async throws {
    try await Rig.with { rig in
      try await fill(rig.store)
      let watermark = try await rig.synchronizer().run().watermark
      try await rig.store.trimChanges(through: watermark)
      #expect(try await rig.synchronizer().run().changedNothing)
      try await rig.store.insert(Samples.new(30..<31))
      let report = try await rig.synchronizer().run()
      #expect(!report.startedOver)
      #expect(report.episodesWritten == 1)
    }
  }

  @Test("A cache filled anew keeps the newest episodes, and evicts the oldest of them first")
  func refillOrder() async throws {
    try await Rig.with(episodesMax: 10) { rig in
      try await rig.store.insert(Samples.new(0..<50))
      try await rig.store.trimChanges(through: rig.store.lastChangeSequence())
      try await rig.synchronizer(batchSize: 4).run()
      #expect(try rig.records.episodeIDs() == (40..<50).reversed().map { "e\($0)" })
      try await rig.store.insert(Samples.new(50..<52))
      try await rig.synchronizer().run()
      #expect(try rig.records.episodeIDs() == (42..<52).reversed().map { "e\($0)" })
    }
  }

  @Test("A filling that stopped half-way goes on where it stopped")
  func cutOffRefill() async throws {
    try await Rig.with { rig in
      try await fill(rig.store)
      try await rig.synchronizer().run()
      let complete = try rig.contents()
      try await rig.store.trimChanges(through: rig.store.lastChangeSequence())
      try rig.records.removeAll()
      let synchronizer = rig.synchronizer(batchSize: 1)
      let cutOff = Task { try await synchronizer.run() }
      let end = Date().addingTimeInterval(180)
      while try rig.records.embeddingCount < 3, Date() < end { await Task.yield() }
      rig.records.close()
      await #expect(throws: CacheError.self) { try await cutOff.value }

      let records = try RecordCache.open(at: rig.records.path)
      #expect(try #require(try records.watermark) < 0)
      #expect(try records.embeddingCount < complete.embeddings.count)
      try await rig.store.deleteEpisode(id: "e2")
      let again = Rig(
        folder: rig.folder, store: rig.store, records: records, segments: rig.segments)
      let embeddings = try records.embeddingCount
      let report = try await again.synchronizer().run()
      #expect(report.isFull && !report.startedOver)
      #expect(report.embeddingsWritten <= complete.embeddings.count - embeddings)
      #expect(try again.contents().episodes.count == complete.episodes.count - 1)
      #expect(try await again.synchronizer().validate().problems == [])
      records.close()
    }
  }
}
