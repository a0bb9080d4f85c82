import DurableStore
import Episodes
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Engram

@Suite("Shards")
struct ShardedMemoryTests {
  private static let names = ["east", "west"]

  /// Two shards in local files, with namespace `a` in the east and `b` in the west.
  private func open(
    _ homes: [TemporaryHome], named: [String: String] = ["a": "east", "b": "west"],
    _ change: (inout [String: MemoryConfiguration]) -> Void = { _ in }
  ) throws -> ShardedMemory {
    var configurations: [String: MemoryConfiguration] = [:]
    for (name, home) in zip(Self.names, homes) {
      configurations[name] = home.configuration()
      let now = StepClock().now()
      configurations[name]?.now = { now }
    }
    change(&configurations)
    return try ShardedMemory(
      ShardMap(named: named, spread: Self.names), configurations, shardSecondsMax: 600)
  }

  private func withShards(
    _ body: (ShardedMemory, [TemporaryHome]) async throws -> Void
  ) async throws {
    let homes = [TemporaryHome(), TemporaryHome()]
    let sharded = try open(homes)
    try await body(sharded, homes)
    await sharded.close()
  }

  private func start(_ sharded: ShardedMemory, _ namespace: String, _ texts: [String: String])
    async throws
  {
    for (id, text) in texts.sorted(by: { $0.key < $1.key }) {
      _ = try await sharded.memory(of: namespace).startEpisode(
        NewTask(text, namespace: namespace, id: id))
    }
  }

  private func ids(_ results: SearchResults) -> [String] { results.hits.map(\.episode.id) }

  @Test("A namespace is in one shard, and a search over all finds the best of both")
  func fanOut() async throws {
    try await withShards { sharded, homes in
      try await start(sharded, "a", ["a1": "fix the printer", "a2": "water the garden"])
      try await start(sharded, "b", ["b1": "fix the printer driver", "b2": "call the bank"])
      let east = try await sharded.memory(ofShard: "east").namespaces().map(\.namespace)
      #expect(east == ["a"])
      #expect(try await sharded.memory(ofShard: "west").namespaces().map(\.namespace) == ["b"])

      let all = try await sharded.search(SearchRequest("fix the printer", limit: 3))
      #expect(ids(all).prefix(2) == ["a1", "b1"])
      #expect(all.hits.count == 3)
      #expect(all.missingShards.isEmpty && !all.isStoreAway)
      // What a score is made of is kept, and its sum is the score.
      for hit in all.hits {
        let parts = try #require(hit.parts)
        #expect(abs(parts.total - hit.score) < 1e-9)
      }
      let elsewhere = await #expect(throws: EngramError.self) {
        _ = try await sharded.memory(of: "a").startEpisode(NewTask("no", namespace: "b"))
      }
      #expect(elsewhere?.message.contains("'west'") == true)
      await #expect(throws: EngramError.self) {
        try await sharded.memory(of: "a").renameNamespace("a", to: "b")
      }
      #expect(ids(try await sharded.search(SearchRequest("printer"), in: ["b"])) == ["b1", "b2"])
      #expect(
        Set(ids(try await sharded.search(SearchRequest("printer"), in: ["a", "b", "none"])))
          == ["a1", "a2", "b1", "b2"])
      let filtered = SearchRequest("printer", filter: EpisodeFilter(namespace: "a"))
      #expect(Set(ids(try await sharded.search(filtered))) == ["a1", "a2"])
    }
  }

  @Test("The nearest of one shard alone does not count as much as the nearest of all")
  func similarityOfAll() async throws {
    try await withShards { sharded, _ in
      try await start(sharded, "a", ["a1": "replace the fuser of the printer"])
      try await start(sharded, "b", ["b1": "water the garden"])
      let results = try await sharded.search(SearchRequest("replace the fuser of the printer"))
      let parts = Dictionary(
        uniqueKeysWithValues: results.hits.map { ($0.episode.id, ($0.similarity, $0.parts)) })
      let near = try #require(parts["a1"])
      let far = try #require(parts["b1"])
      // Both as shares of the one that is nearest.
      let ratio = (far.1?.semantic ?? 0) / (near.1?.semantic ?? 1)
      #expect(abs(ratio - max(0, far.0) / near.0) < 1e-6)
      #expect(ids(results) == ["a1", "b1"])
    }
  }

  @Test("With the same score the newest id is first, whatever shard it is in")
  func ties() async throws {
    try await withShards { sharded, _ in
      try await start(sharded, "a", ["x1": "fix the printer", "x3": "fix the printer"])
      try await start(sharded, "b", ["x2": "fix the printer", "x4": "fix the printer"])
      for mode in [RetrievalMode.vector, .hybrid] {
        let results = try await sharded.search(
          SearchRequest("fix the printer", limit: 3, mode: mode))
        #expect(ids(results) == ["x4", "x3", "x2"], "\(mode)")
      }
    }
  }

  @Test("A shard that cannot be opened, or takes too long, is named, and so is one that is away")
  func missing() async throws {
    let homes = [TemporaryHome(), TemporaryHome()]
    let isAway = Mutex(true)
    let sharded = try open(homes) { configurations in
      configurations["west"]?.openStore = { configuration in
        if isAway.withLock({ $0 }) {
          throw DurableStoreError.cannotOpen(path: "west", problem: "nobody is there")
        }
        return try await DurableStore.open(
          path: homes[1].file("store.db"), configuration: configuration)
      }
    }
    try await start(sharded, "a", ["a1": "fix the printer"])
    let results = try await sharded.search(SearchRequest("fix the printer"))
    #expect(ids(results) == ["a1"])
    #expect(results.missingShards.map(\.shard) == ["west"])
    #expect(results.missingShards.allSatisfy { !$0.isCacheSearched })
    let text = String(decoding: try JSONEncoder().encode(results), as: UTF8.self)
    #expect(text.contains("missingShards"))
    // It cannot be written to either, and nothing is put elsewhere in its stead.
    await #expect(throws: EngramError.self) { try await start(sharded, "b", ["b1": "no"]) }
    // One in which alone is searched is no partial answer, but none.
    await #expect(throws: EngramError.self) {
      try await sharded.search(SearchRequest("fix"), in: ["b"])
    }
    // Once it is there it is found again.
    isAway.withLock { $0 = false }
    try await start(sharded, "b", ["b1": "fix the printer too"])
    let whole = try await sharded.search(SearchRequest("fix the printer"))
    #expect(Set(ids(whole)) == ["a1", "b1"] && whole.missingShards.isEmpty)
    // What is wrong with the question is no shard's fault.
    let error = await #expect(throws: EngramError.self) {
      try await sharded.search(SearchRequest(" "))
    }
    #expect(error?.code == .invalidInput)
    await sharded.close()
    await #expect(throws: EngramError.self) { try await sharded.search(SearchRequest("fix")) }
  }

  @Test("A shard that does not answer in time is left out, by name")
  func deadline() async throws {
    try await withEnoughTime(from: 2) { seconds in
      let homes = [TemporaryHome(), TemporaryHome()]
      var configurations: [String: MemoryConfiguration] = [:]
      for (name, home) in zip(Self.names, homes) { configurations[name] = home.configuration() }
      configurations["west"]?.openStore = { _ in
        try await Task.sleep(for: .seconds(3600))
        throw CancellationError()
      }
      let sharded = try ShardedMemory(
        ShardMap(named: ["a": "east"], spread: Self.names), configurations,
        shardSecondsMax: seconds)
      let results: SearchResults
      do {
        try await start(sharded, "a", ["a1": "fix the printer"])
        results = try await sharded.search(SearchRequest("fix the printer"))
      } catch let error as EngramError where error.message.contains("has not answered within") {
        throw TooLittleTime()
      }
      if results.missingShards.contains(where: { $0.shard == "east" }) { throw TooLittleTime() }
      #expect(ids(results) == ["a1"])
      #expect(results.missingShards.map(\.shard) == ["west"])
      // Its opening would take an hour.
      let began = ContinuousClock.now
      await sharded.close()
      #expect(ContinuousClock.now - began < .seconds(600))
    }
  }

  @Test("What each shard would do by itself is refused over several")
  func severalShards() async throws {
    try await withShards { sharded, _ in
      var request = SearchRequest("fix the printer")
      request.diversity = 0.5
      let unlike = await #expect(throws: EngramError.self) { try await sharded.search(request) }
      #expect(unlike?.message.contains("diversity") == true)
      let many = (0..<101).map { "n\($0)" }
      let tooMany = await #expect(throws: EngramError.self) {
        try await sharded.search(SearchRequest("fix the printer"), in: many)
      }
      #expect(tooMany?.message.contains("namespaces") == true)
    }
  }

  @Test("Shards without a configuration, or with one home, are refused")
  func configurations() throws {
    let home = TemporaryHome()
    let map = try ShardMap(spread: Self.names)
    #expect(throws: EngramError.self) {
      try ShardedMemory(map, ["east": home.configuration()])
    }
    #expect(throws: EngramError.self) {
      try ShardedMemory(map, ["east": home.configuration(), "west": home.configuration()])
    }
  }

  @Test("A namespace moves with all it has, and what is cut off on the way goes on")
  func move() async throws {
    let homes = [TemporaryHome(), TemporaryHome()]
    var sharded = try open(homes)
    let old = try await sharded.memory(of: "a")
    for number in 0..<20 {
      let id = try await old.startEpisode(
        NewTask("move the invoice \(number)", namespace: "a", tags: [Tag("move")], id: "a\(number)")
      ).id
      for tool in ["search", "edit", "verify"] {
        try await old.logStep(
          NewStep(tool: tool, action: "verify the sum", result: .success(output: "done")), in: id)
      }
      if number > 2 {
        try await old.completeEpisode(id, outcome: .success(verdict: "moved", artifacts: []))
      }
    }
    try await old.relate("a3", to: "a4", kind: .dependsOn)
    _ = try await old.startEpisode(NewTask("stays", namespace: "other", id: "o1"))
    _ = try await old.learnPending()
    let patterns = try await old.patterns(namespace: "a")
    #expect(!patterns.isEmpty)
    let before = try await old.episodes(matching: EpisodeFilter(namespace: "a"), limit: 100)
      .episodes
    let early = await #expect(throws: EngramError.self) {
      try await sharded.moveNamespace("a", from: "east")
    }
    #expect(early?.code == .invalidInput)
    await sharded.close()

    sharded = try open(homes, named: ["a": "west", "other": "east"])
    // Some were copied when the last move was cut off, and one has gone on since.
    let new = try await sharded.memory(ofShard: "west")
    let records = Mutex<[StoredRecord]>([])
    try await sharded.memory(ofShard: "east").exportRecords(embeddings: true) { record in
      guard case .episode(let episode, _) = record, ["a0", "a1"].contains(episode.id) else {
        return
      }
      records.withLock { $0.append(record) }
    }
    _ = try await new.importRecords(records.withLock { $0 })
    try await new.completeEpisode("a1", outcome: .failure(reason: "later", details: nil))
    let split = try await sharded.search(SearchRequest("move the invoice 1", limit: 50))
    #expect(split.hits.count == 21)
    #expect(split.hits.first { $0.episode.id == "a1" }?.episode.outcome != nil)

    // A node with the old map has changed one that was copied.
    let tagged = try await sharded.memory(ofShard: "east")
    try await tagged.addTags([Tag("late")], to: "a0")
    let refused = await #expect(throws: EngramError.self) {
      try await sharded.moveNamespace("a", from: "east")
    }
    #expect(refused?.code == .conflict && refused?.message.contains("'a0'") == true)
    let kept = try await tagged.episodes(matching: EpisodeFilter(namespace: "a"), limit: 100)
    #expect(kept.episodes.count == 20)
    try await tagged.removeTags([Tag("late")], from: "a0")

    let report = try await sharded.moveNamespace("a", from: "east")
    #expect(report.episodes == 20 && report.relationships == 1)
    #expect(report.patterns == patterns.count && report.alreadyThere >= 20)
    let after = try await new.episodes(matching: EpisodeFilter(namespace: "a"), limit: 100).episodes
    #expect(after.filter { $0.id != "a1" } == before.filter { $0.id != "a1" })
    #expect(after.first { $0.id == "a1" }?.outcome != nil)
    #expect(try await Set(new.patterns(namespace: "a")) == Set(patterns))
    #expect(try await new.relationships(inNamespace: "a").count == 1)
    let left = try await sharded.memory(ofShard: "east")
    #expect(try await left.namespaces().map(\.namespace) == ["other"])
    #expect(try await left.patterns(namespace: "a").isEmpty)
    let nothing = await #expect(throws: EngramError.self) {
      try await sharded.moveNamespace("a", from: "east")
    }
    #expect(nothing?.code == .notFound)
    await sharded.close()

    // And back.
    sharded = try open(homes, named: ["a": "east"])
    #expect(try await sharded.moveNamespace("a", from: "west").episodes == 20)
    #expect(try await sharded.memory(of: "a").relationships(inNamespace: "a").count == 1)
    await sharded.close()
  }

  @Test("A record that is another one in the new shard keeps everything where it is")
  func clash() async throws {
    try await withShards { sharded, homes in
      try await start(sharded, "a", ["a1": "fix the printer", "a2": "call the bank"])
      try await start(sharded, "b", ["a2": "something else"])
      await sharded.close()
      let moved = try open(homes, named: ["a": "west"])
      let error = await #expect(throws: EngramError.self) {
        try await moved.moveNamespace("a", from: "east")
      }
      #expect(error?.code == .conflict && error?.message.contains("'a2'") == true)
      let left = try await moved.memory(ofShard: "east")
        .episodes(matching: EpisodeFilter(namespace: "a"), limit: 10).episodes.map(\.id)
      #expect(Set(left) == ["a1", "a2"])
      await moved.close()
    }
  }
}
