public import DurableStore
public import Episodes
internal import Synchronization

// Deleting takes away what is there; forgetting also keeps it away: an import or another process cannot bring a
// forgotten id back.
extension Memory {
  /// Forgets episodes for good: rows, vectors, texts in the indexes, checkpoints, relationships, the cache's
  /// copies, and what patterns and heuristics rest on. Only the ids are kept, to refuse them.
  ///
  /// Published index segments hold the vectors, which are no text, until the index is built again.
  ///
  /// An episode that a limit has evicted can be forgotten as long as a pattern or heuristic names it as evidence: its
  /// words go from there, and its id stays away. Its content is not known any more.
  ///
  /// - Parameters:
  ///   - ids: forgotten in batches, each a transaction.
  ///   - erasing: whether the store is rewritten afterwards, so that its file holds nothing of them. It takes
  ///     as long as ``vacuumStore()``, which does the same later.
  ///   - isDryRun: whether it is only counted what would go.
  ///   - batchSize: the most episodes of a transaction.
  ///   - progress: called after each batch with how many of the ids have been gone through. What it throws ends the
  ///     call; what is forgotten stays so.
  /// - Throws: ``EngramError``: `notFound` names an id that is neither stored nor known from before; nothing
  ///   is forgotten then.
  @discardableResult
  public func forget(
    ids: [String], erasing: Bool = true, isDryRun: Bool = false,
    batchSize: Int = DurableStore.upkeepBatchMax,
    progress: (@Sendable (Int) async throws -> Void)? = nil
  ) async throws(EngramError) -> ForgetReport {
    var report = ForgetReport()
    report.isDryRun = isDryRun
    let ids = ids.uniqued()
    try await checkForgettable(ids: ids)
    do {
      try await engramErrors {
        var done = 0
        for batch in ids.batches(of: min(max(1, batchSize), DurableStore.upkeepBatchMax)) {
          try await forget(batch, &report)
          done += batch.count
          try await progress?(done)
        }
      }
    } catch {
      await finishForgetting(&report)
      throw error
    }
    await finishForgetting(&report)
    if erasing { await erase(&report) }
    return report
  }

  /// Looks whether each of some ids can be forgotten, as ``forget(ids:erasing:isDryRun:)`` does before it begins.
  ///
  /// - Throws: ``EngramError`` with code `notFound` naming the first that is neither stored nor known from before.
  /// - Complexity: a look-up for each; a pass over all evidence where one is not stored.
  private func checkForgettable(ids: [String]) async throws(EngramError) {
    try await engramErrors {
      for batch in ids.batches(of: DurableStore.upkeepBatchMax) {
        let stored = Set(try await store.namespaces(ofEpisodes: batch).keys)
        let missing = batch.filter { !stored.contains($0) }
        var known = Set(try await store.forgottenIDs(among: missing))
        known.formUnion(
          try await store.evidenceIDs(among: missing.filter { !known.contains($0) }))
        if let unknown = missing.first(where: { !known.contains($0) }) {
          throw DurableStoreError.notFound(.episode, id: unknown)
        }
      }
    }
  }

  /// Forgets every episode that meets a filter, those included that are written meanwhile.
  ///
  /// - Throws: ``EngramError``: `invalidInput` for a filter without a condition, unless `includingAll`.
  @discardableResult
  public func forget(
    matching filter: EpisodeFilter, includingAll: Bool = false, erasing: Bool = true,
    isDryRun: Bool = false
  ) async throws(EngramError) -> ForgetReport {
    var report = ForgetReport()
    report.isDryRun = isDryRun
    do {
      try await engramErrors {
        guard !filter.isEmpty || includingAll else {
          throw ValidationError(
            field: "filter", problem: "has no condition, and would forget every episode",
            expected: "a condition, or to say that all are meant")
        }
        if isDryRun {
          let ids = try await store.episodeIDs(matching: filter, limit: .max)
          for batch in ids.batches(of: DurableStore.upkeepBatchMax) {
            try await forget(batch, &report)
          }
          return
        }
        while true {
          let batch = try await store.episodeIDs(
            matching: filter, limit: DurableStore.upkeepBatchMax)
          if batch.isEmpty { return }
          try await forget(batch, &report)
          try Task.checkCancellation()
        }
      }
    } catch {
      await finishForgetting(&report)
      throw error
    }
    await finishForgetting(&report)
    if erasing { await erase(&report) }
    return report
  }

  /// Lets forgotten ids be stored again, which does not bring back what was forgotten.
  ///
  /// - Returns: how many of the ids were forgotten.
  @discardableResult
  public func readmit(ids: [String]) async throws(EngramError) -> Int {
    try await engramErrors { try await store.readmit(ids: ids) }
  }

  private func forget(_ batch: [String], _ report: inout ForgetReport) async throws {
    if report.isDryRun {
      report.removed += try await store.forgetPreview(ids: batch)
    } else {
      report.removed += try await embeddingNeighborsAgain(of: batch) {
        try await store.forget(ids: batch, at: configuration.now())
      }
    }
    report.ids += batch.prefix(max(0, ForgetReport.idsMax - report.ids.count))
  }

  func finishForgetting(_ report: inout ForgetReport) async {
    guard !report.isDryRun, report.removed != .init() else { return }
    await syncAfterWrite()
    // They may hold vectors of what is gone.
    snapshot.withLock { $0 = nil }
    patternIndex.withLock { $0 = nil }
  }

  func erase(_ report: inout ForgetReport) async {
    // Also where nothing was left to forget: what was forgotten before may not be erased yet.
    guard !report.isDryRun else { return }
    report.problem = await eraseForgotten()
    report.isErased = report.problem == nil
  }

  /// Rewrites the file of the store, so that it holds nothing of what was forgotten without `erasing`.
  ///
  /// - Returns: why it could not be rewritten, which a later vacuum does; nil if it was.
  public func eraseForgotten() async -> String? {
    do {
      _ = try await vacuumStore()
      return nil
    } catch {
      // What is forgotten stays so.
      return "the file of the store could not be rewritten: \(error)"
    }
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it comes first.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension [String] {
  /// The texts in order, at most `count` and `bytesMax` bytes at a time; a longer text is alone.
  func batches(of count: Int, bytesMax: Int) -> [[String]] {
    var batches: [[String]] = []
    var bytes = 0
    for text in self {
      bytes += text.utf8.count
      if !batches.isEmpty, batches[batches.count - 1].count < count, bytes <= bytesMax {
        batches[batches.count - 1].append(text)
      } else {
        batches.append([text])
        bytes = text.utf8.count
      }
    }
    return batches
  }
}

extension Array {
  /// The elements in order, `count` at a time.
  func batches(of count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map {
      Array(self[$0..<Swift.min($0 + count, self.count)])
    }
  }
}
