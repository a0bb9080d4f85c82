import Platform
import Synchronization
import Testing

@Suite("Turns")
struct TurnTests {
  @Test("One task at a time has it, and each gets it")
  func exclusion() async throws {
    let turn = Turn()
    let (inside, most, count) = (Counter(), Counter(), Counter())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await turn.take()
          most.raise(to: inside.add(1))
          for _ in 0..<5 { await Task.yield() }
          inside.add(-1)
          count.add(1)
          await turn.give()
        }
      }
      try await group.waitForAll()
    }
    #expect(most.value == 1 && count.value == 50)
  }

  @Test("Who gives up while it waits is passed over, and who has given up does not wait")
  func givingUp() async throws {
    let turn = Turn()
    try await turn.take()
    let waiting = (0..<5).map { _ in Task { try await turn.take() } }
    try await Task.sleep(for: .milliseconds(50))
    for task in waiting { task.cancel() }
    for task in waiting {
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    let next = Task { try await turn.take() }
    await turn.give()
    try await next.value
    await turn.give()
    try await turn.take()
  }

  private final class Counter: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }

    @discardableResult
    func add(_ count: Int) -> Int {
      number.withLock { number in
        number += count
        return number
      }
    }

    func raise(to count: Int) { number.withLock { $0 = max($0, count) } }
  }
}
