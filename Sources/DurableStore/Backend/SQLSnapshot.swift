/// Reads that all see the database as it was at one moment, whatever is written meanwhile.
package protocol SQLSnapshot: Sendable {
  func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult]

  /// Runs `body` over rows as they lie in a local file, on a thread that may block.
  ///
  /// - Returns: nil where rows cannot be had so, as a remote's.
  func visit<Value: Sendable>(
    _ body: @escaping @Sendable (RowVisitor) throws -> Value
  ) async throws -> Value?
}

extension SQLSnapshot {
  package func visit<Value: Sendable>(
    _ body: @escaping @Sendable (RowVisitor) throws -> Value
  ) async throws -> Value? { nil }
}
