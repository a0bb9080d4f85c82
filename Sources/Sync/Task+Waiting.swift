internal import Platform
internal import Synchronization

extension Task where Success == Void, Failure == Never {
  /// Waits for the task, but no longer than a time; the task goes on.
  ///
  /// - Returns: whether it has ended.
  @discardableResult
  func hasEnded(withinSeconds secondsMax: Double) async -> Bool {
    let flag = FirstCall()
    return await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
      let finish: @Sendable (Bool) -> Void = { hasEnded in
        if flag.isFirst() { continuation.resume(returning: hasEnded) }
      }
      let timer = Task<Void, Never> {
        try? await Task<Never, Never>.sleep(for: .seconds(bounding: secondsMax))
        finish(false)
      }
      _ = Task<Void, Never> {
        await self.value
        finish(true)
        timer.cancel()
      }
    }
  }
}

/// Tells the first of several callers from the others.
private final class FirstCall: Sendable {
  private let wasCalled = Atomic<Bool>(false)

  func isFirst() -> Bool { !wasCalled.exchange(true, ordering: .relaxed) }
}
