import Engram
import Episodes
import Testing

@Suite("Cancelled tasks")
struct CancellationTests {
  @Test("A write or a read of a task that was cancelled says so, and changes nothing")
  func codes() async throws {
    try await TemporaryHome.withMemory { memory, _ in
      let before = try await memory.startEpisode(NewTask("fix the login"))
      let work = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        await expectError(.cancelled) {
          _ = try await memory.startEpisode(NewTask("deploy the shop"))
        }
        await expectError(.cancelled) { _ = try await memory.buildIndex() }
      }
      await work.value
      let results = try await memory.search(SearchRequest("deploy the shop"))
      #expect(results.hits.map(\.episode.id) == [before.id])
    }
  }
}
