internal import Cache
internal import DurableStore
internal import Episodes
internal import Logging

extension Synchronizer {
  /// How often a batch is tried again because another process moved the watermark.
  private static let attemptsMax = 100

  /// Brings the records of the cache up to date: from the change log after the watermark, batch by
  /// batch, or from the records themselves where the log does not reach back to it.
  func carryRecords(_ report: inout SyncReport) async throws {
    var attempts = 0
    while true {
      guard attempts < Self.attemptsMax else { throw SyncError.contended }
      let watermark = try records.watermark
      if let watermark, Refill.isUnderWay(watermark) {
        // Waiting for another process is no attempt of this one.
        if try await waitForRefill(from: watermark) { continue }
        if try await refill(&report) == false { attempts += 1 }
        continue
      }
      let changes = try await store.changes(
        after: watermark ?? 0, limit: configuration.batchSize)
      switch try await continuity(of: changes, after: watermark) {
      case .unbroken: break
      case .foreign:
        logger.notice("the cache holds another store's records; it is filled anew")
        try records.removeAll()
        try segments.delete(ids: segments.segments().map(\.id))
        report.startedOver = true
        attempts += 1
        continue
      case .trimmed:
        if try await refill(&report) == false { attempts += 1 }
        continue
      }
      report.watermark = watermark ?? 0
      guard let last = changes.last else { return }
      var batch = try await batch(for: changes)
      batch.expectedWatermark = watermark ?? 0
      batch.watermark = last.sequence
      batch.origin = store.storeID
      guard try apply(batch, &report) else {
        attempts += 1
        continue
      }
      attempts = 0
      report.changeCount += changes.count
      report.watermark = last.sequence
    }
  }

  /// How what was read of the change log follows on what the cache has.
  private enum Continuity {
    case unbroken
    /// The cache holds another store's records.
    case foreign
    /// The log no longer holds all changes after the watermark.
    case trimmed
  }

  private func continuity(
    of changes: [Change], after watermark: Int64?
  ) async throws -> Continuity {
    if watermark != nil, try records.origin != store.storeID { return .foreign }
    let watermark = watermark ?? 0
    if let first = changes.first, first.sequence == watermark + 1 { return .unbroken }
    if changes.isEmpty {
      let last = try await store.lastChangeSequence()
      if watermark == last { return .unbroken }
      if watermark > last { return .foreign }
    }
    // Read after the changes: an entry that is still there now was there then.
    return try await store.firstChangeSequence() > watermark + 1 ? .trimmed : .unbroken
  }

  /// Applies a batch and counts it.
  ///
  /// - Returns: false if another process moved the watermark; nothing was done then.
  func apply(_ batch: CacheBatch, _ report: inout SyncReport) throws -> Bool {
    let result = try records.apply(batch)
    guard result.applied else { return false }
    if !result.refusedEpisodeIDs.isEmpty {
      logger.warning("the cache cannot hold episodes \(result.refusedEpisodeIDs)")
    }
    report.batchCount += 1
    report.episodesWritten += batch.episodes.count - result.refusedEpisodeIDs.count
    report.patternsWritten += batch.patterns.count
    report.heuristicsWritten += batch.heuristics.count
    report.embeddingsWritten += batch.embeddings.count - result.refusedEmbeddingIDs.count
    report.recordsDeleted +=
      batch.deletedEpisodeIDs.count + batch.deletedPatternIDs.count
      + batch.deletedHeuristicIDs.count + batch.deletedEmbeddingIDs.count
    return true
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
