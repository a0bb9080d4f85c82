internal import Synchronization

/// Lets a bounded number of tasks work at once; the others wait in the order in which they came.
package final class Limiter: Sendable {
  private struct State {
    var free: Int
    var nextTicket: UInt64 = 0
    var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    /// Given up before they began to wait.
    var abandoned: Set<UInt64> = []
  }

  private let state: Mutex<State>

  /// - Parameter count: how many may work at once; at least 1.
  package init(count: Int) { state = Mutex(State(free: max(1, count))) }

  /// Runs `body` when it is this task's turn.
  ///
  /// - Throws: `CancellationError` for a task that is cancelled while it waits.
  package func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    try await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async throws {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let now: Result<Void, any Error>? = state.withLock { state in
          if state.abandoned.remove(ticket) != nil { return .failure(CancellationError()) }
          if state.free > 0 {
            state.free -= 1
            return .success(())
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let now { continuation.resume(with: now) }
      }
    } onCancel: {
      let waiting = state.withLock { state in
        if let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) {
          return Optional(state.waiting.remove(at: index).continuation)
        }
        state.abandoned.insert(ticket)
        return nil
      }
      waiting?.resume(throwing: CancellationError())
    }
    // Cancelled after its turn had come: the mark would stay.
    state.withLock { _ = $0.abandoned.remove(ticket) }
  }

  private func leave() {
    let next = state.withLock { state in
      if state.waiting.isEmpty {
        state.free += 1
        return CheckedContinuation<Void, any Error>?.none
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume()
  }
}
