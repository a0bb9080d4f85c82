import Synchronization

@testable import DurableStore

/// A clock that stands still until it is told to go on.
final class ManualClock: Sendable {
  private struct State {
    var now = Duration.zero
    var sleepers: [(id: Int, until: Duration, continuation: CheckedContinuation<Bool, Never>)] = []
    var nextID = 0
    var slept: [Duration] = []
  }

  private let state = Mutex(State())

  /// How long each sleep was asked to be, in order.
  var slept: [Duration] { state.withLock { $0.slept } }

  /// Whether anybody sleeps now.
  var hasSleepers: Bool { state.withLock { !$0.sleepers.isEmpty } }

  /// - Parameters:
  ///   - random: what chance gives every time.
  ///   - sleeping: false to have every sleep end at once, with the clock moved on.
  func storeClock(random: Double = 0, sleeping: Bool = true) -> StoreClock {
    StoreClock(
      now: { self.state.withLock { $0.now } },
      sleep: { duration in
        if sleeping {
          try await self.sleep(duration)
        } else {
          self.state.withLock { $0.slept.append(duration) }
          self.advance(by: duration)
        }
      }, random: { random })
  }

  func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.now += duration
      let woken = state.sleepers.filter { $0.until <= state.now }
      state.sleepers.removeAll { $0.until <= state.now }
      return woken
    }
    for sleeper in woken { sleeper.continuation.resume(returning: true) }
  }

  private func sleep(_ duration: Duration) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      state.slept.append(duration)
      return state.nextID
    }
    let elapsed = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let endsNow = state.withLock { state in
          if Task.isCancelled || duration <= .zero { return true }
          state.sleepers.append((id, state.now + duration, continuation))
          return false
        }
        if endsNow { continuation.resume(returning: true) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        defer { state.sleepers.removeAll { $0.id == id } }
        return state.sleepers.first { $0.id == id }
      }
      sleeper?.continuation.resume(returning: false)
    }
    if !elapsed { throw CancellationError() }
  }
}

/// Waits until `condition` holds; tasks need some turns of the scheduler to get where they wait.
///
/// - Parameter seconds: the longest to wait. Two minutes by default: other programs may have all processors.
func eventually(
  within seconds: Int = 120, _ condition: () async throws -> Bool
) async rethrows -> Bool {
  for _ in 0..<20_000 {
    if try await condition() { return true }
    await Task.yield()
  }
  for _ in 0..<100 * seconds {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}
