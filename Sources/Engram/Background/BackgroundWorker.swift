internal import Platform

/// Learns in the background: once at first, for what was left behind, and whenever it is woken.
///
/// What is to be learned from waits in the durable store, so that any number of wake-ups while it is at work
/// are one.
final class LearningWorker: Sendable {
  private let signal: AsyncStream<Void>.Continuation
  private let task: Task<Void, Never>

  /// - Parameters:
  ///   - retrySeconds: after which it goes on when `learn` has returned false.
  ///   - learn: learns from all there is.
  init(retrySeconds: Double, learn: @escaping @Sendable () async -> Bool) {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    signal = continuation
    task = Task(priority: .background) {
      for await _ in stream {
        while !Task.isCancelled, await !learn() {
          do {
            try await Task.sleep(for: .seconds(bounding: retrySeconds))
          } catch {
            return
          }
        }
      }
    }
    signal.yield()
  }

  func wake() { signal.yield() }

  /// Returns when it has ended.
  func stop() async {
    cancel()
    await task.value
  }

  private func cancel() {
    signal.finish()
    task.cancel()
  }

  deinit { cancel() }
}
