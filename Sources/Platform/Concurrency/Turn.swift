/// Lets one task at a time do what two would undo or double, in the order in which they ask.
package actor Turn {
  private var isTaken = false
  private var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
  private var nextID = 0

  package init() {}

  /// Waits until it is the task's turn, which it has until ``give()``.
  ///
  /// - Throws: `CancellationError` for a task that is cancelled while it waits.
  package func take() async throws {
    try Task.checkCancellation()
    guard isTaken else {
      isTaken = true
      return
    }
    let id = nextID
    nextID += 1
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation {
        (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
        } else {
          waiting.append((id, continuation))
        }
      }
    } onCancel: {
      Task { await self.leave(id) }
    }
  }

  private func leave(_ id: Int) {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
    waiting.remove(at: index).continuation.resume(throwing: CancellationError())
  }

  /// Ends the turn: the next one has it.
  package func give() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().continuation.resume() }
  }
}
