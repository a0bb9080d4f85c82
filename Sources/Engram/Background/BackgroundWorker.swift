internal import Platform

/// Does work in the background whenever it is woken.
///
/// What is to be done is seen in the durable store, so that any number of wake-ups while it is at work are one.
final class BackgroundWorker: Sendable {
  private let signal: AsyncStream<Void>.Continuation
  private let task: Task<Void, Never>

  /// - Parameters:
  ///   - retrySeconds: after which it goes on when `work` has returned false.
  ///   - work: does all there is.
  init(retrySeconds: Double, work: @escaping @Sendable () async -> Bool) {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    signal = continuation
    task = Task(priority: .background) {
      for await _ in stream {
        while !Task.isCancelled, await !work() {
          do {
            try await Task.sleep(for: .seconds(bounding: retrySeconds))
          } catch {
            return
          }
        }
      }
    }
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
