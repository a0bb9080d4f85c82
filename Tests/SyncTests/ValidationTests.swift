import Cache
import DurableStore
import Episodes
import Sync
import Testing

@Suite("A cache compared with its store")
struct ValidationTests {
  /// Syncs a small store, runs `damage`, and returns what validation then finds.
  private func problems(
    after damage: (Rig) async throws -> Void
  ) async throws -> CacheValidation {
    var validation = CacheValidation()
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<5))
      try await rig.store.put(Samples.pattern("p1"))
      _ = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 1)
      try await rig.synchronizer().run()
      #expect(try await rig.synchronizer().validate().problems == [])
      try await damage(rig)
      validation = try await rig.synchronizer().validate()
      #expect(!validation.isSound)
    }
    return validation
  }

  private func apply(_ rig: Rig, _ change: (inout CacheBatch) -> Void) throws {
    var batch = CacheBatch()
    change(&batch)
    try rig.records.apply(batch)
  }

  @Test("A sound cache is sound, with the counts of both sides")
  func sound() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<700))
      try await rig.store.put(Samples.pattern("p1"))
      _ = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 1)
      try await rig.synchronizer().run()
      let validation = try await rig.synchronizer().validate()
      #expect(validation.isSound)
      #expect(validation.embeddingsInStore == 700 && validation.embeddingsInCache == 700)
      #expect(validation.patternsInStore == 1 && validation.patternsInCache == 1)
      #expect(validation.segmentsInStore == 1 && validation.segmentsInCache == 1)
      #expect(validation.watermark == validation.lastChange)
    }
  }

  @Test("To validate a cache is no use of what is in it")
  func noUse() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<5))
      try await rig.synchronizer().run()
      _ = try rig.records.episode(id: "e3")
      _ = try rig.records.episodes(ids: ["e2", "none"])
      for _ in 0..<3 { #expect(try await rig.synchronizer().validate().isSound) }
      let counts = try rig.records.statistics().counts
      #expect(counts.hits == 2 && counts.misses == 1)
    }
  }

  @Test("A cached episode that the store holds otherwise is found")
  func staleEpisode() async throws {
    let found = try await problems { rig in
      try apply(rig) { $0.episodes = [Samples.episode("e1", text: "something else")] }
    }
    #expect(found.staleEpisodes == 1)
    #expect(found.problems == ["1 cached episodes differ from the store"])
  }

  @Test("A cached episode that the store does not hold is found")
  func unknownEpisode() async throws {
    let found = try await problems { rig in
      try apply(rig) { $0.episodes = [Samples.episode("gone")] }
    }
    #expect(found.staleEpisodes == 1)
  }

  @Test("A missing embedding is found")
  func missingEmbedding() async throws {
    let found = try await problems { rig in
      let id = try #require(try rig.records.lastEmbeddingID)
      try apply(rig) { $0.deletedEmbeddingIDs = [id] }
    }
    #expect(found.problems == ["4 of 5 embeddings are cached"])
  }

  @Test("An embedding without an owner is found")
  func orphan() async throws {
    let found = try await problems { rig in
      try apply(rig) {
        $0.embeddings = [CachedEmbedding(id: 999, embedding: Samples.embedding("gone"))]
      }
    }
    #expect(found.orphanedEmbeddings == 1)
    #expect(found.problems.contains("1 cached embeddings have no owner"))
  }

  @Test("A pattern or heuristic that the store holds otherwise is found")
  func stalePattern() async throws {
    let found = try await problems { rig in
      try apply(rig) {
        $0.patterns = [Samples.pattern("p1", rate: 0.2)]
        $0.heuristics = [Samples.heuristic("gone")]
      }
    }
    #expect(found.stalePatterns == 2)
    #expect(
      found.problems == [
        "1 of 0 heuristics are cached", "2 cached patterns differ from the store",
      ])
  }

  @Test("The latest episode missing is found")
  func missingLatest() async throws {
    let found = try await problems { rig in try apply(rig) { $0.deletedEpisodeIDs = ["e4"] } }
    #expect(!found.isLatestPresent)
    #expect(found.problems.contains("the latest episode is not cached"))
  }

  @Test("A refill makes a cache with every kind of fault agree with the store again")
  func repair() async throws {
    try await Rig.with { rig in
      try await rig.store.insert(Samples.new(0..<5))
      try await rig.store.put(Samples.pattern("p1"))
      _ = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 1)
      try await rig.synchronizer().run()
      let sound = try rig.contents()
      try apply(rig) {
        $0.episodes = [Samples.episode("gone"), Samples.episode("e1", text: "other")]
        $0.embeddings = [CachedEmbedding(id: 999, embedding: Samples.embedding("gone"))]
        $0.deletedPatternIDs = ["p1"]
      }
      try rig.segments.delete(ids: rig.segments.segments().map(\.id))
      #expect(try await rig.synchronizer().validate().problems.count >= 4)
      #expect(try await rig.synchronizer().refill().startedOver)
      #expect(try await rig.synchronizer().validate().problems == [])
      #expect(try rig.contents() == sound)
    }
  }

  @Test("A missing pattern is found")
  func missingPattern() async throws {
    let found = try await problems { rig in try apply(rig) { $0.deletedPatternIDs = ["p1"] } }
    #expect(found.problems == ["0 of 1 patterns are cached"])
  }

  @Test("A cache that is behind is found")
  func behind() async throws {
    let found = try await problems { rig in
      try await rig.store.put(Samples.pattern("p1", rate: 0.1))
    }
    #expect(found.stalePatterns == 1)
    #expect(
      found.problems == [
        "the cache stands at change \(found.watermark) of \(found.lastChange)",
        "1 cached patterns differ from the store",
      ])
    #expect(found.checks.filter { !$0.isPassed }.map(\.name) == ["watermark", "patterns"])
  }

  @Test("Segments that are too many or missing are found", arguments: [false, true])
  func wrongSegments(missing: Bool) async throws {
    let found = try await problems { rig in
      let segment = try #require(try rig.segments.segments().first)
      if missing {
        try rig.segments.delete(ids: [segment.id])
      } else {
        try rig.segments.write(id: 77, description: segment.description) { _ in }
      }
    }
    #expect(found.problems == ["the cache holds other index segments than the store"])
  }
}
