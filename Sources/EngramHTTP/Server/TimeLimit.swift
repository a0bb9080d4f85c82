/// Runs `body` for so many seconds at most.
///
/// - Returns: what `body` returns, also where it went through although it was cancelled, as what writes in one step
///   does: that it was done must not be told as a time-out.
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
    guard let first = try await group.next() else { throw Problem.timeOut }
    if let value = first { return value }
    group.cancelAll()
    if let late = try? await group.next(), let value = late { return value }
    throw Problem.timeOut
  }
}
