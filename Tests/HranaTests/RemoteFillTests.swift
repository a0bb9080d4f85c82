import Cache
import DurableStore
import Episodes
import Foundation
import HranaSessions
import HranaTestSupport
import RemoteStore
import Sync
import Testing

@Suite("New caches of a store elsewhere")
struct RemoteFillTests {
  private static let time: Int64 = 1_770_000_000_000_000_000
  private static let texts = ["plain", "two\nlines \"quoted\" \\ /", "Grüße 漢字 🦉", "a\u{1}b", ""]

  /// An episode of up to three steps, or of four with one output; several begin at the same moment.
  private func episode(_ number: Int, output: String? = nil) throws -> Episode {
    let time = Timestamp(nanosecondsSince1970: Self.time + Int64(number / 3) * 1_000_000)
    let text = Self.texts[number % Self.texts.count]
    let steps = (0..<(output == nil ? number % 4 : 4)).map { step in
      ExecutionStep(
        number: step + 1, timestamp: time, tool: "shell", action: "act \(text)",
        parameters: ["cmd": .string(text), "n": .integer(Int64(step))],
        result: .success(output: output ?? text), latency: 0.5, metadata: ["k": text])
    }
    var episode = Episode(
      id: "e\(number)", taskDescription: "task \(number) \(text)", startTime: time, steps: steps)
    episode.metadata = ["place": text]
    episode.tags = number % 2 == 0 ? [try Tag("even")] : []
    if number % 5 == 0 { episode.outcome = .success(verdict: text, artifacts: [text]) }
    if number % 500 == 0 {
      episode.appliedPatterns = [AppliedPattern(patternID: "p", effect: .helped)]
    }
    return episode
  }

  private func embedding(_ id: String) -> Embedding {
    Embedding(
      owner: EmbeddingOwner(kind: .episode, id: id, part: 0), model: "model",
      vector: [1, 0, -1, 0.1], contentHash: "hash-\(id)")
  }

  /// Fills a new cache, and compares it with the store.
  ///
  /// - Returns: requests of the sync.
  private func fill(
    from local: DurableStore, _ database: Database, _ configuration: SyncConfiguration
  ) async throws -> (requests: Int, report: SyncReport) {
    var found: (Int, SyncReport)?
    try await database.withServer { port in
      let remote = try RemoteStoreConfiguration(
        url: DatabaseURL("http://127.0.0.1:\(port)"), token: .none)
      let store = try await DurableStore.open(remote: remote)
      defer { store.close() }
      let folder = database.folder + "/cache-" + UUID().uuidString
      let records = try RecordCache.open(
        at: folder + "/records",
        configuration: RecordCacheConfiguration(episodesMax: 100_000, mapBytes: 1 << 30))
      let segments = try SegmentCache.open(at: folder + "/segments", mapBytes: 1 << 30)
      defer {
        records.close()
        segments.close()
      }
      let synchronizer = Synchronizer(
        store: store, records: records, segments: segments, configuration: configuration)
      let before = store.requestCount
      let report = try await synchronizer.run()
      found = (store.requestCount - before, report)
      let page = try await local.episodes(fromOldest: nil, isInclusive: true, limit: 100_000)
      let ids = page.episodes.map(\.id)
      #expect(try records.episodeIDs() == ids.reversed())
      let cached = try records.episodes(ids: ids)
      for (cached, stored) in zip(cached, page.episodes) { #expect(cached == stored) }
      #expect(try await synchronizer.validate().problems == [])
    }
    return try #require(found)
  }

  @Test("One is filled with two requests a page, and holds every episode as the store does")
  func requests() async throws {
    let database = try Database()
    try database.run("DROP TABLE things")
    let local = try await DurableStore.open(path: database.path)
    defer { local.close() }
    let count = 3000
    for start in stride(from: 0, to: count, by: 500) {
      try await local.insert(
        (start..<start + 500).map { NewEpisode(try episode($0), embeddings: [embedding("e\($0)")]) }
      )
    }
    try await local.put(
      Checkpoint(
        id: "c", episode: "e77", stepNumber: 0, timestamp: Timestamp(nanosecondsSince1970: 1),
        label: "here"))
    let (requests, report) = try await fill(
      from: local, database, SyncConfiguration(replayedChangesMax: 0))
    #expect(report.isFull && report.episodesWritten == count && report.embeddingsWritten == count)
    // Pages of 100, 200, 400, 800 and the rest, and an empty one, of episodes as of embeddings; six reads of episodes
    // that are carried in the ordinary way; and what a sync asks besides.
    #expect(requests <= 2 * 6 * 2 + 6 + 12, "\(requests) requests")
    #expect(report.batchCount <= 16)
  }

  @Test("Pages end at the bound of bytes, and no episode is lost where the server had more to say")
  func boundedBytes() async throws {
    let database = try Database()
    try database.run("DROP TABLE things")
    let local = try await DurableStore.open(path: database.path)
    defer { local.close() }
    // The first page asks for a hundred, 4 MB, and takes a few of them.
    let output = String(repeating: "0123456789abcdef", count: 625)
    try await local.insert((0..<150).map { NewEpisode(try episode($0, output: output)) })
    let (requests, report) = try await fill(
      from: local, database,
      SyncConfiguration(transactionBytesMax: 200_000, replayedChangesMax: 0))
    #expect(report.isFull && report.episodesWritten == 150)
    #expect(report.batchCount >= 150 * 40_000 / 250_000)
    #expect(requests <= report.batchCount * 2 + 20)
    for _ in 0..<250 where database.service.streamCount > 0 {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(database.service.streamCount == 0)
  }
}
