internal import Cache
internal import DurableStore
internal import Episodes
internal import Logging

extension Synchronizer {
  /// How long another process may take for one page before it counts as stopped, in milliseconds.
  private static let pageMillisecondsMax = 2000
  private static let pollMilliseconds = 20

  /// Waits while another process fills the cache.
  ///
  /// - Returns: whether it got on; false if it has stopped half-way.
  func waitForRefill(from watermark: Int64) async throws -> Bool {
    for _ in 0..<Self.pageMillisecondsMax / Self.pollMilliseconds {
      try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
      if try records.watermark != watermark { return true }
    }
    return false
  }

  /// Empties the cache and fills it from the records of the store, page by page: the newest episodes,
  /// and all of the rest.
  ///
  /// - Returns: false if another process got in between.
  func refill(_ report: inout SyncReport) async throws -> Bool {
    logger.notice("the change log does not reach back to the cache; it is filled anew")
    // What is written from here on is in the log after it.
    let watermark = try await store.lastChangeSequence()
    try records.removeAll()
    report.startedOver = true
    var refill = Refill()
    var start = refill.batch()
    start.origin = store.storeID
    guard try apply(start, &report),
      try await refillEpisodes(&refill, &report),
      try await refillLearning(&refill, &report),
      try await refillEmbeddings(&refill, &report),
      try apply(refill.end(at: watermark), &report)
    else { return false }
    report.watermark = watermark
    return true
  }

  private func refillEpisodes(
    _ refill: inout Refill, _ report: inout SyncReport
  ) async throws -> Bool {
    var cursor: EpisodeCursor?
    var ids: [String] = []
    repeat {
      let limit = min(configuration.batchSize, records.configuration.episodesMax - ids.count)
      let page = try await store.episodes(matching: EpisodeFilter(), limit: limit, after: cursor)
      var batch = refill.batch()
      batch.episodes = page.episodes
      guard try apply(batch, &report) else { return false }
      ids += page.episodes.map(\.id)
      cursor = page.next
    } while cursor != nil && ids.count < records.configuration.episodesMax
    // They came newest first; a use of each in the other order has the oldest evicted first.
    for start in stride(from: 0, to: ids.count, by: configuration.batchSize).reversed() {
      let end = min(ids.count, start + configuration.batchSize)
      _ = try records.episodes(ids: ids[start..<end].reversed())
    }
    return true
  }

  private func refillLearning(
    _ refill: inout Refill, _ report: inout SyncReport
  ) async throws -> Bool {
    guard configuration.includesPatterns else { return true }
    var last: String? = ""
    while let id = last {
      var batch = refill.batch()
      batch.patterns = try await store.patterns(after: id, limit: configuration.batchSize)
      last = batch.patterns.last?.id
      guard try apply(batch, &report) else { return false }
    }
    last = ""
    while let id = last {
      var batch = refill.batch()
      batch.heuristics = try await store.heuristics(after: id, limit: configuration.batchSize)
      last = batch.heuristics.last?.id
      guard try apply(batch, &report) else { return false }
    }
    return true
  }

  private func refillEmbeddings(
    _ refill: inout Refill, _ report: inout SyncReport
  ) async throws -> Bool {
    guard configuration.includesEmbeddings else { return true }
    var last: Int64? = 0
    while let id = last {
      var batch = refill.batch()
      batch.embeddings = try await store.embeddings(after: id, limit: configuration.batchSize)
        .map { CachedEmbedding(id: UInt64($0.id), embedding: $0.embedding) }
      last = batch.embeddings.last.map { Int64($0.id) }
      guard try apply(batch, &report) else { return false }
    }
    return true
  }
}
