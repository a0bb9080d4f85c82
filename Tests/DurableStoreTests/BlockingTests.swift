import Episodes
import Foundation
import Testing

@testable import DurableStore

@Suite("Threads of tasks")
struct BlockingTests {
  @Test("Stores that wait for another process to let go of their file do not stop other tasks")
  func opening() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s.db")
    let first = try await DurableStore.open(path: path)
    try await first.insert([NewEpisode(Samples.episode("e"))])
    first.close()
    let other = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: 1, counters: StatementCounters())
    try other.script(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; COMMIT")
    // More than there are threads for tasks.
    let count = ProcessInfo.processInfo.activeProcessorCount + 4
    let opening = (0..<count).map { _ in
      Task {
        let store = try await DurableStore.open(
          path: path, configuration: DurableStoreConfiguration(busyTimeoutSeconds: 900))
        defer { store.close() }
        return try await store.episode(id: "e")
      }
    }
    // All of them wait. Only tasks that run can let go of the file before their time is up.
    let began = ContinuousClock.now
    for _ in 0..<count + 1 { await Task.detached { await Task.yield() }.value }
    try await Task.sleep(for: .milliseconds(100))
    for _ in 0..<count + 1 { await Task.detached { await Task.yield() }.value }
    #expect(ContinuousClock.now - began < .seconds(600))
    other.close()
    for task in opening { #expect(try await task.value == Samples.episode("e")) }
  }
}
