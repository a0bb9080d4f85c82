public import DurableStore
internal import Episodes

extension Memory {
  /// The namespaces that have episodes, with their counts, in the order of their names.
  public func namespaces() async throws(EngramError) -> [NamespaceSummary] {
    try await engramErrors { try await store.namespaceSummaries() }
  }

  /// Forgets every episode of a namespace, see ``forget(matching:includingAll:erasing:isDryRun:)``, and all that
  /// was learned and recommended in it.
  ///
  /// - Throws: ``EngramError`` with code `notFound` if it has nothing.
  @discardableResult
  public func deleteNamespace(
    _ namespace: String, erasing: Bool = true, isDryRun: Bool = false
  ) async throws(EngramError) -> ForgetReport {
    try await requireNamespace(namespace)
    let filter = EpisodeFilter(namespace: namespace)
    if isDryRun {
      var report = try await forget(matching: filter, isDryRun: true)
      let learned = try await engramErrors {
        try await store.learnedCounts(namespace: namespace)
      }
      report.removed.patterns = learned.patterns
      report.removed.heuristics = learned.heuristics
      return report
    }
    // First, so that the episodes need not be taken out of it one after the other; at the end again, for what
    // was learned meanwhile.
    let first = try await engramErrors { try await store.deleteLearning(namespace: namespace) }
    var report = try await forget(matching: filter, erasing: false)
    let rest = try await engramErrors { try await store.deleteLearning(namespace: namespace) }
    report.removed.patterns += first.patterns + rest.patterns
    report.removed.heuristics += first.heuristics + rest.heuristics
    await finishForgetting(&report)
    if erasing { await erase(&report) }
    return report
  }

  /// Moves every episode of a namespace to another, in batches, each a transaction, and what was learned with
  /// them: a pattern that the other knows too becomes one with it. Where it is cut off, it goes on with
  /// `merging`.
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
    try checkShard(of: CollectionOfOne(new))
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
      // First, so that what is learned from moved episodes is merged with it; at the end again, for what was
      // learned meanwhile from episodes that were not moved yet.
      var patternIDs: Set<String> = []
      try await moveLearning(from: old, to: new, &patternIDs)
      var moved = 0
      while true {
        let ids = try await store.moveEpisodes(fromNamespace: old, to: new)
        if ids.isEmpty { break }
        moved += ids.count
        try Task.checkCancellation()
      }
      try await moveLearning(from: old, to: new, &patternIDs)
      return moved
    }
    if !isDryRun { await syncAfterWrite() }
    return moved
  }

  private func moveLearning(
    from old: String, to new: String, _ moved: inout Set<String>
  ) async throws {
    // What was moved before is merged with what was learned from the same namespace since.
    let before = moved
    var pass: Set<String> = []
    while true {
      let ids = try await store.moveLearning(
        fromNamespace: old, to: new, afterMoving: pass.subtracting(before))
      pass.formUnion(ids)
      moved.formUnion(ids)
      if ids.isEmpty { return }
      try Task.checkCancellation()
    }
  }

  @discardableResult
  private func requireNamespace(_ namespace: String) async throws(EngramError) -> Int {
    let (count, learned) = try await engramErrors {
      (
        try await store.episodeCount(namespace: namespace),
        try await store.learnedCounts(namespace: namespace)
      )
    }
    guard count + learned.patterns + learned.heuristics + learned.recommendations > 0 else {
      throw EngramError(code: .notFound, message: "there is no namespace '\(namespace)'")
    }
    return count
  }
}
