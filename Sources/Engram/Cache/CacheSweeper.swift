internal import Platform

/// Runs a sweep again and again in the background until it is stopped or dropped.
final class CacheSweeper: Sendable {
  private let task: Task<Void, Never>

  init(everySeconds interval: Double, sweep: @escaping @Sendable () async -> Void) {
    task = Task(priority: .background) {
      while !Task.isCancelled {
        do {
          try await Task.sleep(for: .seconds(bounding: max(0.001, interval)))
        } catch {
          return
        }
        await sweep()
      }
    }
  }

  /// Returns when a sweep under way has ended.
  func stop() async {
    task.cancel()
    await task.value
  }

  deinit { task.cancel() }
}
