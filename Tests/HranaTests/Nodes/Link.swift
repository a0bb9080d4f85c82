import Synchronization
import TestSupport

/// The way between a node and its primary: whole, cut, or whole for some requests more.
final class Link: Sendable {
  private enum State {
    case whole
    case cut
    /// Whole for so many requests; the one after them meets the fault, and then it is cut.
    case breaking(after: Int, CuttingProxy.Fault)
  }

  private let state = Mutex(State.whole)

  /// What becomes of the next request.
  func fault() -> CuttingProxy.Fault {
    state.withLock { state in
      switch state {
      case .whole: return .none
      case .cut: return .lostRequest
      case .breaking(let count, let fault):
        guard count == 0 else {
          state = .breaking(after: count - 1, fault)
          return .none
        }
        state = .cut
        return fault
      }
    }
  }

  var isWhole: Bool {
    state.withLock { state in
      if case .whole = state { return true }
      return false
    }
  }

  func mend() { state.withLock { $0 = .whole } }

  func cut() { state.withLock { $0 = .cut } }

  /// Lets `count` requests through, and cuts the one after them somewhere.
  func `break`(after count: Int, _ random: inout SeededGenerator) {
    let fault = random.pick([
      CuttingProxy.Fault.lostRequest, .lostAnswer, .cutAnswer(bytes: random.below(2000)),
    ])
    state.withLock { $0 = .breaking(after: count, fault) }
  }
}
