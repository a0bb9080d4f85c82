internal import Synchronization

/// Waits for something no longer than a time.
final class Deadline<Value: Sendable>: Sendable {
  private let waiting = Mutex<CheckedContinuation<Result<Value, any Error>, Never>?>(nil)

  private init() {}

  /// The result of `body`; an error with code `storeAway` where it takes longer. It is cancelled then, and not waited
  /// for.
  static func run(
    secondsMax: Double, _ body: @escaping @Sendable () async throws -> Value
  ) async -> Result<Value, any Error> {
    let deadline = Deadline()
    return await withCheckedContinuation { continuation in
      deadline.waiting.withLock { $0 = continuation }
      let work = Task {
        do {
          deadline.finish(.success(try await body()))
        } catch {
          deadline.finish(.failure(error))
        }
      }
      let timer = Task {
        guard (try? await Task.sleep(for: .seconds(secondsMax))) != nil else { return }
        deadline.finish(
          .failure(
            EngramError(code: .storeAway, message: "it has not answered within \(secondsMax) s")))
        work.cancel()
      }
      Task {
        await work.value
        timer.cancel()
      }
    }
  }

  /// The first of several counts.
  private func finish(_ result: Result<Value, any Error>) {
    waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }?.resume(returning: result)
  }
}
