import DurableStore
import Embedders
import Engram
import Episodes
import Foundation
import ServiceLifecycle
import Sync
import Synchronization
import Testing

@Suite("A memory whose store others write to")
struct StalenessTests {
  /// Writes to the store behind the memory's back, as another program would.
  private func write(_ texts: [String], to home: TemporaryHome) async throws {
    let store = try await DurableStore.open(path: home.file("engram.db"))
    let embedder = WordEmbedder()
    for text in texts {
      let episode = Episode(
        id: text.replacingOccurrences(of: " ", with: "-"), taskDescription: text,
        startTime: Timestamp(nanosecondsSince1970: 1_772_000_000_000_000_000))
      try await store.insert([
        NewEpisode(
          episode,
          embeddings: [
            Embedding(
              owner: EmbeddingOwner(kind: .episode, id: episode.id), model: embedder.model,
              vector: embedder.vector(of: text), contentHash: text)
          ])
      ])
    }
    store.close()
  }

  @Test("A search finds what was written to the store itself just before")
  func readYourWrites() async throws {
    try await TemporaryHome.withMemory { memory, home in
      _ = try await memory.startEpisode(NewTask("Fix the login"))
      for round in 0..<10 {
        try await write(["printer number\(round)"], to: home)
        let hits = try await memory.search(SearchRequest("printer number\(round)", limit: 1)).hits
        #expect(hits.first?.episode.id == "printer-number\(round)")
      }
    }
  }

  @Test("Two memories of one home find what the other has just written")
  func twoMemories() async throws {
    let home = TemporaryHome()
    let (first, second) = (try await home.open(), try await home.open())
    for round in 0..<10 {
      let (writer, reader) = round.isMultiple(of: 2) ? (first, second) : (second, first)
      let id = try await writer.startEpisode(NewTask("kernel panic number\(round)")).id
      let hits = try await reader.search(SearchRequest("kernel panic number\(round)", limit: 1))
        .hits
      #expect(hits.first?.episode.id == id)
    }
    await first.close()
    await second.close()
  }

  @Test("The service syncs at its interval, and ends with its task")
  func service() async throws {
    try await TemporaryHome.withMemory { memory, home in
      let reports = Mutex<[SyncReport]>([])
      let service = MemorySyncService(memory: memory, intervalSeconds: 0.02) { result in
        if case .success(let report) = result { reports.withLock { $0.append(report) } }
      }
      let running = Task { try await service.run() }
      try await write(["one", "two"], to: home)
      let end = ContinuousClock.now + .seconds(20)
      while reports.withLock({ $0.reduce(0) { $0 + $1.episodesWritten } }) < 2,
        ContinuousClock.now < end
      {
        try await Task.sleep(for: .milliseconds(10))
      }
      running.cancel()
      try await running.value
      #expect(reports.withLock { $0.reduce(0) { $0 + $1.episodesWritten } } == 2)
      #expect(reports.withLock { $0.allSatisfy { $0.trigger == .periodic } })
    }
  }
}
