import Dispatch
import Synchronization

/// Holds threads back, or makes them fail, until told otherwise.
final class Gate: Sendable {
  struct Shut: Error {}

  private struct State {
    var isHolding = false
    var isFailing = false
    var held: [DispatchSemaphore] = []
    var watchers: [DispatchSemaphore] = []
  }

  private let state = Mutex(State())

  func hold() { state.withLock { $0.isHolding = true } }

  func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

  func open() {
    state.withLock { state in
      state.isHolding = false
      for semaphore in state.held { semaphore.signal() }
      state.held.removeAll()
    }
  }

  /// Waits until a thread stands at the gate.
  func waitForArrival() {
    let semaphore: DispatchSemaphore? = state.withLock { state in
      guard state.held.isEmpty else { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.watchers.append(semaphore)
      return semaphore
    }
    semaphore?.wait()
  }

  func pass() throws {
    let semaphore: DispatchSemaphore? = try state.withLock { state in
      if state.isFailing { throw Shut() }
      guard state.isHolding else { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.held.append(semaphore)
      for watcher in state.watchers { watcher.signal() }
      state.watchers.removeAll()
      return semaphore
    }
    semaphore?.wait()
  }
}
