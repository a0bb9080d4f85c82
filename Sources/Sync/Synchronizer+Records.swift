internal import Cache
internal import DurableStore
internal import Episodes
internal import Logging

extension Synchronizer {
  /// How often a batch is tried again because another process moved the watermark.
  private static let attemptsMax = 100

  /// Applies the change log after the watermark, batch by batch.
  func carryRecords(_ report: inout SyncReport) async throws {
    try await startOverIfNeeded(&report)
    var attempts = 0
    while true {
      let watermark = try records.watermark ?? 0
      report.watermark = watermark
      let changes = try await store.changes(after: watermark, limit: configuration.batchSize)
      guard let last = changes.last else { return }
      var batch = try await batch(for: changes)
      batch.expectedWatermark = watermark
      batch.watermark = last.sequence
      batch.origin = store.storeID
      let result = try records.apply(batch)
      guard result.applied else {
        attempts += 1
        guard attempts < Self.attemptsMax else { throw SyncError.contended }
        continue
      }
      report.changeCount += changes.count
      report.batchCount += 1
      report.episodesWritten += batch.episodes.count
      report.patternsWritten += batch.patterns.count
      report.heuristicsWritten += batch.heuristics.count
      report.embeddingsWritten += batch.embeddings.count
      report.recordsDeleted +=
        batch.deletedEpisodeIDs.count + batch.deletedPatternIDs.count
        + batch.deletedHeuristicIDs.count + batch.deletedEmbeddingIDs.count
      report.watermark = last.sequence
    }
  }

  /// Empties a cache that holds another store's records, or that is behind what the log still holds.
  private func startOverIfNeeded(_ report: inout SyncReport) async throws {
    guard let watermark = try records.watermark else { return }
    let last = try await store.lastChangeSequence()
    let first = try await store.firstChangeSequence()
    let isForeign = try records.origin != store.storeID || watermark > last
    let isBehind = watermark < first - 1
    guard isForeign || isBehind else { return }
    logger.notice("the cache does not continue this store's change log; it is filled anew")
    try records.removeAll()
    try segments.delete(ids: segments.segments().map(\.id))
    report.startedOver = true
  }

  /// What the cache must hold after `changes`: the records as they are now, or no longer are.
  private func batch(for changes: [Change]) async throws -> CacheBatch {
    var changed: [RecordKind: [String]] = [:]
    var seen = Set<ChangedRecord>()
    // The newest change of a record comes last; where it stands among others decides which episodes
    // count as most recent.
    for change in changes.reversed()
    where seen.insert(ChangedRecord(kind: change.kind, id: change.recordID)).inserted {
      changed[change.kind, default: []].append(change.recordID)
    }
    var batch = CacheBatch()
    if let ids = changed[.episode] {
      batch.episodes = try await store.episodes(ids: ids.reversed())
      batch.deletedEpisodeIDs = missing(from: ids, having: batch.episodes.map(\.id))
    }
    if configuration.includesPatterns, let ids = changed[.pattern] {
      batch.patterns = try await store.patterns(ids: ids)
      batch.deletedPatternIDs = missing(from: ids, having: batch.patterns.map(\.id))
    }
    if configuration.includesPatterns, let ids = changed[.heuristic] {
      for id in ids { batch.heuristics += try await store.heuristic(id: id).map { [$0] } ?? [] }
      batch.deletedHeuristicIDs = missing(from: ids, having: batch.heuristics.map(\.id))
    }
    if configuration.includesEmbeddings, let ids = changed[.embedding] {
      let stored = try await store.embeddings(ids: ids.compactMap { Int64($0) })
      batch.embeddings = stored.map { CachedEmbedding(id: UInt64($0.id), embedding: $0.embedding) }
        .sorted { $0.id < $1.id }
      batch.deletedEmbeddingIDs = missing(from: ids, having: stored.map { String($0.id) })
        .compactMap { UInt64($0) }
    }
    return batch
  }

  private func missing(from ids: [String], having present: [String]) -> [String] {
    let present = Set(present)
    return ids.filter { !present.contains($0) }
  }
}

private struct ChangedRecord: Hashable {
  var kind: RecordKind
  var id: String
}
