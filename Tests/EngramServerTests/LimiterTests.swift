import Synchronization
import Testing

@testable import EngramServer

@Suite("The limiter")
struct LimiterTests {
  @Test("lets as many work at once as it was told, and all of them in the end")
  func bounds() async throws {
    let limiter = Limiter(count: 3)
    let counter = Counter()
    let done = try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await limiter.run {
            counter.enter()
            try await Task.sleep(for: .milliseconds(1))
            counter.leave()
          }
        }
      }
      var count = 0
      for try await _ in group { count += 1 }
      return count
    }
    #expect(done == 50)
    #expect(counter.most == 3)
  }

  @Test("lets go of who is cancelled while waiting, and of the place of who fails")
  func cancels() async throws {
    let limiter = Limiter(count: 1)
    let (started, signal) = AsyncStream<Void>.makeStream()
    let (release, open) = AsyncStream<Void>.makeStream()
    let holder = Task {
      try await limiter.run {
        signal.yield()
        for await _ in release { break }
        throw Failure()
      }
    }
    for await _ in started { break }
    let waiters = (0..<5).map { _ in Task { try await limiter.run { 1 } } }
    for waiter in waiters.dropLast() { waiter.cancel() }
    for waiter in waiters.dropLast() {
      await #expect(throws: CancellationError.self) { try await waiter.value }
    }
    open.yield()
    await #expect(throws: Failure.self) { try await holder.value }
    #expect(try await waiters[4].value == 1)
    #expect(try await limiter.run { 2 } == 2)
  }

  private struct Failure: Error {}

  /// How many are at work, and how many were at most.
  private final class Counter: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
      counts.withLock { counts in
        counts.now += 1
        counts.most = max(counts.most, counts.now)
      }
    }

    func leave() { counts.withLock { $0.now -= 1 } }
  }
}
