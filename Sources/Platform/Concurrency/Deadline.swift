/// Waits for something no longer than a time.
package enum Deadline {
  /// The result of `body`; nil where it takes longer. Then, and where the caller is cancelled, which fails with
  /// `CancellationError`, `body` is cancelled and not waited for.
  package static func run<Value: Sendable>(
    secondsMax: Double, _ body: @escaping @Sendable () async throws -> Value
  ) async -> Result<Value, any Error>? {
    let race = Race<Result<Value, any Error>?>()
    let work = Task {
      do {
        race.finish(.success(try await body()))
      } catch {
        race.finish(.failure(error))
      }
    }
    let timer = Task {
      guard (try? await Task.sleep(for: .seconds(bounding: secondsMax))) != nil else { return }
      if race.finish(nil) { work.cancel() }
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await race.value()
    } onCancel: {
      if race.finish(.failure(CancellationError())) { work.cancel() }
    }
  }
}
