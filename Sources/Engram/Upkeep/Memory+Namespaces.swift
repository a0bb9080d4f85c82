public import DurableStore
internal import Episodes

extension Memory {
  /// The namespaces that have episodes, with their counts, in the order of their names.
  public func namespaces() async throws(EngramError) -> [NamespaceSummary] {
    try await engramErrors { try await store.namespaceSummaries() }
  }

  /// Forgets every episode of a namespace; see ``forget(matching:includingAll:erasing:isDryRun:)``.
  ///
  /// - Throws: ``EngramError`` with code `notFound` if it has none.
  @discardableResult
  public func deleteNamespace(
    _ namespace: String, erasing: Bool = true, isDryRun: Bool = false
  ) async throws(EngramError) -> ForgetReport {
    try await requireNamespace(namespace)
    return try await forget(
      matching: EpisodeFilter(namespace: namespace), erasing: erasing, isDryRun: isDryRun)
  }

  /// Moves every episode of a namespace to another, in batches, each a transaction. Where it is cut off,
  /// it goes on with `merging`.
  ///
  /// - Parameters:
  ///   - merging: whether the other namespace may have episodes already.
  ///   - isDryRun: whether it is only counted what would be moved.
  /// - Returns: how many episodes were moved.
  /// - Throws: ``EngramError``: `notFound` if there is nothing to move, `conflict` if the other has episodes,
  ///   `invalidInput` for a name that cannot be.
  @discardableResult
  public func renameNamespace(
    _ old: String, to new: String, merging: Bool = false, isDryRun: Bool = false
  ) async throws(EngramError) -> Int {
    let count = try await requireNamespace(old)
    let moved = try await engramErrors {
      try Identifier.check(new, field: "namespace")
      guard old != new else {
        throw ValidationError(
          field: "namespace", problem: "'\(new)' is its name already", expected: "another name")
      }
      let present = try await store.episodeCount(namespace: new)
      guard merging || present == 0 else {
        throw EngramError(
          code: .conflict,
          message:
            "namespace '\(new)' has \(present) episodes already; merge the two if that is meant")
      }
      if isDryRun { return count }
      var moved = 0
      while true {
        let ids = try await store.moveEpisodes(fromNamespace: old, to: new)
        if ids.isEmpty { return moved }
        moved += ids.count
        try Task.checkCancellation()
      }
    }
    if !isDryRun { await syncAfterWrite() }
    return moved
  }

  @discardableResult
  private func requireNamespace(_ namespace: String) async throws(EngramError) -> Int {
    let count = try await engramErrors { try await store.episodeCount(namespace: namespace) }
    guard count > 0 else {
      throw EngramError(code: .notFound, message: "there is no namespace '\(namespace)'")
    }
    return count
  }
}
