internal import DurableStore
public import Episodes

extension Memory {
  /// Says that one episode replaces another: the old one is kept, names its successor, and is valid until now.
  ///
  /// Searches and listings find it all the same, unless they ask for what is current
  /// (`EpisodeFilter.isCurrent`) or for what was valid at a time (`EpisodeFilter.asOf`).
  ///
  /// - Parameters:
  ///   - oldID: the episode that is replaced.
  ///   - newID: the one that replaces it, of the same namespace.
  ///   - time: until when the old one was valid; now by default.
  /// - Returns: the old episode as it is now.
  /// - Throws: ``EngramError``: `notFound`; `invalidInput` if it was superseded already, or would close a
  ///   circle.
  @discardableResult
  public func supersede(
    _ oldID: String, by newID: String, at time: Timestamp? = nil
  ) async throws(EngramError) -> Episode {
    let old = try await engramErrors {
      try await store.supersede(oldID, by: newID, at: time ?? configuration.now())
      return try await store.episode(id: oldID)
    }
    await syncAfterWrite()
    guard let old else { throw EngramError(DurableStoreError.notFound(.episode, id: oldID)) }
    return old
  }

  /// Who replaced whom: what came before an episode, the episode, and what came after it, in this order.
  ///
  /// - Throws: ``EngramError`` with code `notFound`.
  public func history(of id: String) async throws(EngramError) -> [Episode] {
    try await engramErrors { try await store.history(of: id) }
  }
}
