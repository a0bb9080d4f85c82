import Platform
import Synchronization
import Testing

@Suite("Waiting no longer than a time")
struct DeadlineTests {
  private struct Failure: Error {}

  /// Work that ends only when it is cancelled.
  private final class Work: Sendable {
    let wasCancelled = Mutex(false)

    func run() async throws -> Int {
      do {
        try await Task.sleep(for: .seconds(600))
      } catch {
        wasCancelled.withLock { $0 = true }
        throw error
      }
      return 1
    }

    func waitUntilCancelled() async throws {
      while !wasCancelled.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
    }
  }

  @Test("What ends in time has its result, or its error")
  func inTime() async throws {
    let value = try await Deadline.run(secondsMax: 600) { 7 }?.get()
    #expect(value == 7)
    let failed = await Deadline.run(secondsMax: 600) { () -> Int in throw Failure() }
    #expect(throws: Failure.self) { _ = try failed?.get() }
    #expect(failed != nil)
  }

  @Test("What takes longer is cancelled, and not waited for", .timeLimit(.minutes(10)))
  func tooLate() async throws {
    let work = Work()
    let result = await Deadline.run(secondsMax: 0.05) { try await work.run() }
    #expect(result == nil)
    try await work.waitUntilCancelled()
  }

  @Test("Who gives up does not wait, and what it waited for ends", .timeLimit(.minutes(10)))
  func givingUp() async throws {
    let work = Work()
    let waiting = Task { await Deadline.run(secondsMax: 600) { try await work.run() } }
    try await Task.sleep(for: .milliseconds(20))
    waiting.cancel()
    let result = await waiting.value
    #expect(throws: CancellationError.self) { _ = try result?.get() }
    #expect(result != nil)
    try await work.waitUntilCancelled()
  }

  @Test("A task that is waited for goes on", .timeLimit(.minutes(10)))
  func tasks() async throws {
    let work = Work()
    let task = Task<Void, Never> { _ = try? await work.run() }
    #expect(await !task.hasEnded(withinSeconds: 0.05))
    #expect(!work.wasCancelled.withLock { $0 })
    task.cancel()
    #expect(await task.hasEnded(withinSeconds: 60))
  }

  @Test("Of several results the first counts, whoever asks when", .timeLimit(.minutes(10)))
  func first() async {
    let early = Race<Int?>()
    #expect(early.finish(nil))
    #expect(!early.finish(2))
    #expect(await early.value() == nil)
    let late = Race<Int>()
    let waiting = Task { await late.value() }
    for _ in 0..<10 { await Task.yield() }
    #expect(late.finish(3))
    #expect(!late.finish(4))
    #expect(await waiting.value == 3)
  }
}
