internal import Platform
internal import Synchronization

/// Who gets a connection, may open one, or has to wait.
extension ConnectionPool {
  static var closed: SQLError { SQLError(kind: .closed, message: "the store is closed") }

  func takeTurn(_ state: inout State) -> Turn? {
    if let free = state.idle.popLast() {
      state.counts.active += 1
      state.counts.acquiredCount += 1
      return .connection(free.connection)
    }
    guard state.hasRoom else { return nil }
    state.counts.opening += 1
    return .open
  }

  static func count(_ waiter: Waiter, now: Duration, in state: inout State) {
    let seconds = (now - waiter.since).inSeconds
    state.counts.waitSeconds += seconds
    state.counts.waitSecondsMax = max(state.counts.waitSecondsMax, seconds)
  }

  /// Room has become free: the first in line may open a connection.
  func nextOpener(_ state: inout State, now: Duration) -> Waiter? {
    guard !state.isClosed, state.hasRoom, let waiter = state.line.popFirst() else { return nil }
    Self.count(waiter, now: now, in: &state)
    state.counts.opening += 1
    return waiter
  }

  func wait() async -> Turn {
    let id = state.withLock { $0.line.takeNumber() }
    let turn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in join(id, continuation) }
    } onCancel: {
      let now = clock.now()
      let waiter = state.withLock { state in
        let waiter = state.line.leave(id)
        if let waiter { Self.count(waiter, now: now, in: &state) }
        return waiter
      }
      waiter?.continuation.resume(returning: .failed(Self.cancelled))
    }
    state.withLock { $0.line.forget(id) }
    return turn
  }

  private static var cancelled: SQLError {
    SQLError(kind: .cancelled, message: "the task was cancelled")
  }

  private func join(_ id: UInt64, _ continuation: CheckedContinuation<Turn, Never>) {
    let now = clock.now()
    let (turn, watches) = state.withLock { state -> (Turn?, Bool) in
      if state.isClosed { return (.failed(Self.closed), false) }
      // Something may have become free since it was looked for.
      if let turn = takeTurn(&state) { return (turn, false) }
      let waiter = Waiter(since: now, continuation: continuation)
      guard
        state.line.join(id, deadline: now + .seconds(configuration.waitSecondsMax), waiter)
      else { return (.failed(Self.cancelled), false) }
      state.counts.waitCount += 1
      defer { state.isWatchingLine = true }
      return (nil, !state.isWatchingLine)
    }
    if let turn { continuation.resume(returning: turn) }
    if watches { watchLine() }
  }
}
