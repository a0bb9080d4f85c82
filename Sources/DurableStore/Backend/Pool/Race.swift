internal import Synchronization

/// The first of several results; the later ones are turned away.
final class Race<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Result<Value, SQLError>, Never>)
    case finished(Result<Value, SQLError>?)
  }

  private let state = Mutex(State.open)

  /// - Returns: whether this result is the first.
  func finish(_ result: Result<Value, SQLError>) -> Bool {
    let (isFirst, continuation) = state.withLock {
      state -> (Bool, CheckedContinuation<Result<Value, SQLError>, Never>?) in
      switch state {
      case .open:
        state = .finished(result)
        return (true, nil)
      case .awaited(let continuation):
        state = .finished(nil)
        return (true, continuation)
      case .finished: return (false, nil)
      }
    }
    continuation?.resume(returning: result)
    return isFirst
  }

  /// The first result. To be asked for once.
  func result() async -> Result<Value, SQLError> {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Result<Value, SQLError>? in
        if case .finished(let result?) = state { return result }
        state = .awaited(continuation)
        return nil
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}
