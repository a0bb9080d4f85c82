public import DurableStore

extension Memory {
  /// What was written to the durable store after a change, by any process, oldest first.
  ///
  /// - Parameters:
  ///   - sequence: the last change seen; see ``lastChange()``.
  ///   - limit: the most to return.
  /// - Returns: the changes; nil where some of them are no longer in the log, so that anything may have changed.
  /// - Throws: ``EngramError``: `storeAway`, `storeFailed`.
  public func changes(
    after sequence: Int64, limit: Int = 500
  ) async throws(EngramError) -> [Change]? {
    try await engramErrors {
      let store = try store
      let changes = try await store.changes(after: sequence, limit: limit)
      if let first = changes.first, first.sequence - 1 == sequence { return changes }
      // There is nothing new, or entries have been trimmed.
      return try await store.firstChangeSequence() - 1 <= sequence ? changes : nil
    }
  }

  /// The number of the latest change of the durable store; 0 before the first.
  ///
  /// - Throws: ``EngramError``: `storeAway`, `storeFailed`.
  public func lastChange() async throws(EngramError) -> Int64 {
    try await engramErrors { try await store.lastChangeSequence() }
  }
}
