extension Task where Failure == any Error {
  /// The value, unless the caller is cancelled before: then the caller goes on at once, and the task too.
  ///
  /// - Throws: what the task throws; `CancellationError`.
  func abandonableValue() async throws -> Success {
    let (stream, continuation) = AsyncThrowingStream<Success, any Error>.makeStream()
    let relay = Task<Void, Never> {
      do {
        continuation.yield(try await value)
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    defer { relay.cancel() }
    for try await value in stream { return value }
    throw _Concurrency.CancellationError()
  }
}
