internal import Synchronization

/// The first of several results; the later ones are turned away.
package final class Race<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, Never>)
    case finished(Value)
    case given
  }

  private let state = Mutex(State.open)

  package init() {}

  /// - Returns: whether this result is the first.
  @discardableResult
  package func finish(_ value: Value) -> Bool {
    let (isFirst, continuation) = state.withLock {
      state -> (Bool, CheckedContinuation<Value, Never>?) in
      switch state {
      case .open:
        state = .finished(value)
        return (true, nil)
      case .awaited(let continuation):
        state = .given
        return (true, continuation)
      case .finished, .given: return (false, nil)
      }
    }
    continuation?.resume(returning: value)
    return isFirst
  }

  /// The first result. To be asked for once.
  package func value() async -> Value {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Value? in
        if case .finished(let value) = state {
          state = .given
          return .some(value)
        }
        state = .awaited(continuation)
        return .none
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}
