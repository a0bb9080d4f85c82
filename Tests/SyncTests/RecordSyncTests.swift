import Cache
import DurableStore
import Episodes
import Foundation
import Sync
import Testing

@Suite("Records carried to the cache")
struct RecordSyncTests {
  @Test("Inserts, updates and deletes of every kind of record reach the cache")
  func kindsOfChanges() async throws {
    try await Rig.with { rig in
      let synchronizer = rig.synchronizer()
      try await rig.store.insert(Samples.new(0..<3))
      try await rig.store.put(
        Samples.pattern("p1"), embeddings: [Samples.embedding("p1", kind: .pattern)])
      try await rig.store.put(Samples.pattern("p2"))
      try await rig.store.put(Samples.heuristic("h1"))
      try await rig.store.put(Samples.heuristic("h2"))
      let first = try await synchronizer.run()
      #expect(first.episodesWritten == 3)
      #expect(first.embeddingsWritten == 4)
      #expect(first.patternsWritten == 2)
      #expect(first.heuristicsWritten == 2)
      #expect(try await first.watermark == rig.store.lastChangeSequence())
      #expect(try rig.contents().episodes["e1"] == Samples.episode("e1", second: 1))

      let changed = Samples.episode("e1", text: "fix the deployment", second: 1)
      try await rig.store.update(changed, embeddings: [Samples.embedding("e1", value: 2)])
      try await rig.store.deleteEpisode(id: "e2")
      try await rig.store.put(Samples.pattern("p1", rate: 0.5))
      try await rig.store.deletePatterns(ids: ["p2"])
      try await rig.store.deleteHeuristics(ids: ["h1"])
      let second = try await synchronizer.run()
      #expect(!second.startedOver)
      #expect(second.episodesWritten == 1)
      let contents = try rig.contents()
      #expect(contents.episodes == ["e0": Samples.episode("e0"), "e1": changed])
      #expect(contents.patterns == ["p1": Samples.pattern("p1", rate: 0.5)])
      // The deleted episode is no evidence any more.
      #expect(contents.heuristics.mapValues(\.evidence) == ["h2": ["e1"]])
      #expect(
        Set(contents.embeddings.values) == [
          Samples.embedding("e0"), Samples.embedding("e1", value: 2),
          Samples.embedding("p1", kind: .pattern),
        ])
      #expect(try await synchronizer.validate().problems == [])
    }
  }

  @Test("A second sync reads only what changed since the first")
  func incremental() async throws {
    try await Rig.with { rig in
      let synchronizer = rig.synchronizer()
      try await rig.store.insert(Samples.new(0..<50))
      let first = try await synchronizer.run()
      #expect(first.changeCount >= 100)
      #expect(try await synchronizer.run().changedNothing)
      try await rig.store.insert(Samples.new(50..<51))
      let second = try await synchronizer.run()
      #expect(second.episodesWritten == 1)
      #expect(second.embeddingsWritten == 1)
      #expect(second.changeCount < 5)
      #expect(second.watermark == first.watermark + Int64(second.changeCount))
    }
  }

  @Test("A step logged and a completion make the cached episode new")
  func lifecycle() async throws {
    try await Rig.with { rig in
      let synchronizer = rig.synchronizer()
      try await rig.store.insert([Samples.new("e1")])
      try await synchronizer.run()
      let step = ExecutionStep(
        number: 2, timestamp: Samples.time, tool: "edit", action: "raise it", parameters: .null,
        result: .timeout, latency: 1)
      try await rig.store.append([step], to: "e1")
      try await synchronizer.run()
      #expect(try rig.records.episode(id: "e1")?.steps.last == step)
      let outcome = TaskOutcome.success(verdict: "done", artifacts: [])
      try await rig.store.complete(
        "e1", with: EpisodeCompletion(endTime: Samples.time, outcome: outcome),
        embeddings: [Samples.embedding("e1", value: 3)])
      try await synchronizer.run()
      #expect(try rig.records.episode(id: "e1")?.outcome == outcome)
      #expect(
        try rig.contents().embeddings.values.map(\.vector) == [
          Samples.embedding("e1", value: 3).vector
        ])
    }
  }

  @Test("Batches hold no more changes than asked for, and each moves the watermark")
  func batches() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<20))
      let report = try await rig.synchronizer(batchSize: 7).run()
      #expect(report.batchCount == (report.changeCount + 6) / 7)
      #expect(report.batchCount > 1)
      #expect(try rig.records.watermark == Int64(report.changeCount))
      #expect(try await rig.synchronizer().validate().isSound)
    }
  }

  @Test("A sync cut off goes on from its last batch")
  func resumes() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<400))
      let last = try await rig.store.lastChangeSequence()
      let synchronizer = rig.synchronizer(batchSize: 5)
      let cutOff = Task { try await synchronizer.run() }
      let end = Date().addingTimeInterval(180)
      while try rig.records.watermark ?? 0 < 20, Date() < end { await Task.yield() }
      // Without its cache the sync can only stop.
      rig.records.close()
      await #expect(throws: CacheError.self) { try await cutOff.value }

      let reopened = try RecordCache.open(at: rig.records.path)
      let reached = try #require(try reopened.watermark)
      #expect(reached >= 20 && reached < last)
      let rest = try await Synchronizer(
        store: rig.store, records: reopened, segments: rig.segments
      ).run()
      #expect(!rest.startedOver)
      #expect(Int64(rest.changeCount) == last - reached)
      let validation = try await Synchronizer(
        store: rig.store, records: reopened, segments: rig.segments
      ).validate()
      #expect(validation.problems == [])
      #expect(try reopened.episodeIDs().count == 400)
      reopened.close()
    }
  }

  @Test("The newest episodes are kept when there are more than the cache may hold")
  func bounded() async throws {
    try await Rig.with(episodesMax: 10) { rig in
      try await rig.store.insert(Samples.new(0..<50))
      try await rig.synchronizer(batchSize: 8).run()
      #expect(try Set(rig.contents().episodes.keys) == Set((40..<50).map { "e\($0)" }))
      #expect(try rig.records.embeddingCount == 50)
      #expect(try await rig.synchronizer().validate().isSound)
    }
  }

  @Test("Patterns and embeddings are left out when the configuration says so")
  func exclusions() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<3))
      try await rig.store.put(Samples.pattern("p1"))
      try await rig.store.put(Samples.heuristic("h1"))
      let synchronizer = Synchronizer(
        store: rig.store, records: rig.records, segments: rig.segments,
        configuration: SyncConfiguration(includesPatterns: false, includesEmbeddings: false))
      try await synchronizer.run()
      let contents = try rig.contents()
      #expect(contents.episodes.count == 3)
      #expect(contents.patterns.isEmpty && contents.heuristics.isEmpty)
      #expect(contents.embeddings.isEmpty)
      #expect(try await synchronizer.validate().problems == [])
    }
  }
}
