internal import Cache
internal import DurableStore
internal import Episodes
internal import Logging

extension Synchronizer {
  /// How long a process that holds the lock may take for one page before it counts as stuck.
  private static let pageMillisecondsMax = 10_000
  private static let pollMilliseconds = 10

  /// How another process's filling ended, or did not.
  enum FillTurn {
    /// Nobody else is at it: whoever was has ended. The lock is nil if it is alive, and stuck.
    case own(FillLock?)
    /// It got on, or is done.
    case moved
  }

  /// Takes the turn of filling the cache, or waits, asleep, while another process fills it.
  ///
  /// - Parameter watermark: as it was when the cache was looked at.
  func turnToFill(from watermark: Int64?) async throws -> FillTurn {
    for _ in 0..<Self.pageMillisecondsMax / Self.pollMilliseconds {
      let lock = FillLock.take(beside: records.path)
      // Looked at with the lock in hand: nobody moves it from now on.
      if try records.watermark != watermark { return .moved }
      if let lock { return .own(lock) }
      try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
    }
    return .own(nil)
  }

  /// Empties the cache, and says in it that it is being filled.
  ///
  /// - Returns: the watermark it leaves, and where to begin; nil for an empty store, which needs no filling.
  private func startOver(
    from store: DurableStore
  ) async throws -> (mark: Int64, origin: CacheOrigin, state: FillState)? {
    // What is written from here on is in the log after it.
    let state = FillState(target: try await store.lastChangeSequence())
    let dropped = try records.position.droppedCount
    let origin = CacheOrigin(
      storeID: store.storeID, filling: CacheOrigin.Filling(droppedBefore: dropped),
      position: .filling(state))
    let mark = FillState.newMark()
    try await lane.run { [records] in
      if state.target == 0 {
        try records.removeAll()
      } else {
        try records.removeAll(leaving: mark, origin: origin.text)
      }
    }
    return state.target == 0 ? nil : (mark, origin, state)
  }

  /// Empties the cache and fills it from the records of the store, page by page: the newest episodes,
  /// and all of the rest.
  ///
  /// - Parameter isNew: whether the cache was empty anyway.
  /// - Returns: false if another process got in between.
  func fill(from store: DurableStore, isNew: Bool, _ report: inout SyncReport) async throws -> Bool
  {
    if !isNew { report.startedOver = true }
    guard let start = try await startOver(from: store) else { return true }
    return try await fill(
      from: store, mark: start.mark, origin: start.origin, state: start.state, &report)
  }

  /// Goes on where a process stopped filling the cache.
  func resumeFill(
    from store: DurableStore, mark: Int64, origin: CacheOrigin?, _ report: inout SyncReport
  ) async throws -> Bool {
    guard let origin, origin.storeID == store.storeID, case .filling(let state)? = origin.position,
      try await store.firstChangeSequence() <= state.target + 1,
      try await store.lastChangeSequence() >= state.target
    else {
      // Of another store, of an earlier release, or so old that the log has gone on past it.
      try await dropSegments()
      return try await fill(from: store, isNew: false, &report)
    }
    logger.notice("going on with filling the cache, which was cut off")
    return try await fill(from: store, mark: mark, origin: origin, state: state, &report)
  }

  /// Segments of another store must be gone before its records are in the cache: their numbers mean
  /// other records.
  func dropSegments() async throws {
    try await lane.run { [segments] in
      _ = try segments.delete(ids: segments.segments().map(\.id))
    }
  }

  private func fill(
    from store: DurableStore, mark: Int64, origin: CacheOrigin, state: FillState,
    _ report: inout SyncReport
  ) async throws -> Bool {
    report.isFull = true
    var writer = BatchWriter(records: records, lane: writingLane, logger: logger)
    var origin = origin
    var state = state
    var mark = mark
    var pages = 1
    // Of what is written meanwhile the log tells; the bound only has to be about right.
    var episodes = try await EpisodePages(
      store: store, countMax: records.configuration.episodesMax)
    // Until a page has shown how large they are.
    var embeddingBytes = configuration.transactionBytesMax
    while true {
      var batch = CacheBatch()
      let next = try await addPage(
        to: &batch, after: state, pages: pages, episodes: &episodes,
        embeddingBytes: &embeddingBytes, store: store)
      batch.expectedWatermark = mark
      mark = next == nil ? state.target : FillState.newMark()
      batch.watermark = mark
      origin.position = next.map(CacheOrigin.Position.filling)
      batch.origin = origin.text
      try await writer.submit(batch, &report)
      if writer.isRefused { return false }
      guard let next else { break }
      // A part's first pages are small, so that a small part does not take long.
      pages =
        next.part == state.part ? min(pages * 2, configuration.batchesATransactionMax) : 1
      state = next
    }
    try await writer.finish(&report)
    return !writer.isRefused
  }

  /// Adds up to `pages` pages to a batch.
  ///
  /// - Returns: where to go on; nil when all is there.
  private func addPage(
    to batch: inout CacheBatch, after state: FillState, pages: Int, episodes: inout EpisodePages,
    embeddingBytes: inout Int, store: DurableStore
  ) async throws -> FillState? {
    var state = state
    var byteCount = 0
    var pagesLeft = pages
    while pagesLeft > 0 {
      var limit = configuration.batchSize
      var cursor: String?
      var count = limit
      switch state.part {
      case .episodes:
        // A page ends at the bound of bytes too.
        limit *= pagesLeft
        let page = try await episodes.addPage(
          to: &batch, after: state.cursor, limit: limit,
          byteCountMax: configuration.transactionBytesMax - byteCount, &byteCount)
        cursor = page?.next
        count = page?.count ?? 0
      case .patterns where configuration.includesPatterns:
        let page = try await store.patterns(after: state.cursor, limit: limit)
        byteCount += page.count * 1000
        batch.patterns += page
        cursor = page.last?.id
      case .heuristics where configuration.includesPatterns:
        let page = try await store.heuristics(after: state.cursor, limit: limit)
        byteCount += page.count * 1000
        batch.heuristics += page
        cursor = page.last?.id
      case .embeddings where configuration.includesEmbeddings:
        // They are all about as large as the last ones, so one query may bring many.
        let countMax = configuration.transactionBytesMax / max(1, embeddingBytes)
        limit = max(limit, min(limit * pagesLeft, countMax))
        cursor = try await addEmbeddings(
          to: &batch, after: Int64(state.cursor) ?? 0, limit: limit, from: store,
          &embeddingBytes, &byteCount
        ).map { String($0) }
        count = limit
      default: break
      }
      guard let cursor else {
        return state.part.next.map { FillState(target: state.target, part: $0) }
      }
      state.cursor = cursor
      // What came, and not what was asked for: a page may end at the bound of bytes.
      pagesLeft -= max(1, count / configuration.batchSize)
      // A request for the little that is left would cost as much as a whole page.
      if byteCount >= configuration.transactionBytesMax / 4 * 3 { break }
    }
    return state
  }

  /// Adds a page of embeddings to a batch.
  ///
  /// - Returns: the last id; nil where there was nothing more.
  private func addEmbeddings(
    to batch: inout CacheBatch, after id: Int64, limit: Int, from store: DurableStore,
    _ embeddingBytes: inout Int, _ byteCount: inout Int
  ) async throws -> Int64? {
    let preparation = records.embeddingPreparation
    let byteCountMax = configuration.transactionBytesMax - byteCount
    let page = try await store.transferEmbeddings(after: id, limit: limit) {
      EmbeddingValueSink(preparation: preparation, byteCountMax: byteCountMax)
    }
    if let page {
      embeddingBytes = page.product.embeddings.map(\.byteCount).max() ?? embeddingBytes
      byteCount += page.product.byteCount
      batch.preparedEmbeddings += page.product.embeddings
      return page.last
    }
    let embeddings = try await store.embeddings(after: id, limit: limit)
    let sizes = embeddings.map { $0.embedding.vector.count * 4 + 200 }
    embeddingBytes = sizes.max() ?? embeddingBytes
    byteCount += sizes.reduce(0, +)
    batch.embeddings += embeddings.map {
      CachedEmbedding(id: UInt64($0.id), embedding: $0.embedding)
    }
    return embeddings.last?.id
  }
}
