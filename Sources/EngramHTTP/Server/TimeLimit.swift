/// Runs `body` for so many seconds at most.
///
/// - Throws: what `body` throws; ``Problem/timeOut`` after that, once `body` has noticed that it was cancelled.
func withTimeLimit<Value: Sendable>(
  seconds: Double, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: .seconds(seconds))
      return nil
    }
    defer { group.cancelAll() }
    guard let first = try await group.next(), let value = first else { throw Problem.timeOut }
    return value
  }
}
