import Foundation

@testable import DurableStore

/// Keeps the writing connection of a backend busy until it is let go.
final class WriterHold: Sendable {
  private let gate = DispatchSemaphore(value: 0)
  private let job: Task<Void, any Error>

  /// Returns when the connection is busy.
  init(_ backend: SQLiteBackend, isVacuum: Bool = false) async {
    let entered = Locked(false)
    let gate = gate
    job = Task {
      try await backend.writer.alone(isVacuum: isVacuum) { _ throws(SQLError) in
        entered.withLock { $0 = true }
        gate.wait()
      }
    }
    _ = await eventually { entered.withLock { $0 } }
  }

  func end() async throws {
    gate.signal()
    try await job.value
  }
}
