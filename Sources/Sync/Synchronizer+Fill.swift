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
  func waitForFill(from watermark: Int64) async throws -> Bool {
    for _ in 0..<Self.pageMillisecondsMax / Self.pollMilliseconds {
      try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
      if try records.watermark != watermark { return true }
    }
    return false
  }

  /// Empties the cache and fills it from the records of the store, page by page: the newest episodes,
  /// and all of the rest.
  ///
  /// - Parameter isNew: whether the cache was empty anyway.
  /// - Returns: false if another process got in between.
  func fill(from store: DurableStore, isNew: Bool, _ report: inout SyncReport) async throws -> Bool
  {
    if isNew {
      logger.info("filling a new cache")
    } else {
      logger.notice("the change log does not reach back to the cache; it is filled anew")
      report.startedOver = true
    }
    // What is written from here on is in the log after it.
    let state = FillState(target: try await store.lastChangeSequence())
    try records.removeAll()
    return try await fill(from: store, mark: 0, state: state, &report)
  }

  /// Goes on where a process stopped filling the cache.
  func resumeFill(
    from store: DurableStore, mark: Int64, origin: CacheOrigin?, _ report: inout SyncReport
  ) async throws -> Bool {
    guard let origin, origin.storeID == store.storeID, case .filling(let state)? = origin.position,
      try await store.firstChangeSequence() <= state.target + 1
    else {
      // Of another store, of an earlier release, or so old that the log has gone on past it.
      report.startedOver = true
      return try await fill(from: store, isNew: false, &report)
    }
    logger.notice("going on with filling the cache, which was cut off")
    return try await fill(from: store, mark: mark, state: state, &report)
  }

  private func fill(
    from store: DurableStore, mark: Int64, state: FillState, _ report: inout SyncReport
  ) async throws -> Bool {
    report.isFull = true
    var writer = BatchWriter(records: records, logger: logger)
    var state = state
    var mark = mark
    var pages = 1
    // Of what is written meanwhile the log tells; the bound only has to be about right.
    var episodes = try await EpisodePages(store: store, countMax: records.configuration.episodesMax)
    while true {
      var batch = CacheBatch()
      let next = try await addPage(
        to: &batch, after: state, pages: pages, episodes: &episodes, store: store)
      batch.expectedWatermark = mark
      mark = next == nil ? state.target : FillState.newMark()
      batch.watermark = mark
      batch.origin =
        CacheOrigin(storeID: store.storeID, position: next.map(CacheOrigin.Position.filling)).text
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
    store: DurableStore
  ) async throws -> FillState? {
    var state = state
    var byteCount = 0
    for _ in 0..<pages {
      let limit = configuration.batchSize
      var cursor: String?
      switch state.part {
      case .episodes:
        let page = try await episodes.page(after: state.cursor, limit: limit)
        for episode in page.episodes { byteCount += episode.approximateByteCount }
        batch.episodes += page.episodes
        cursor = page.next
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
        let page = try await store.embeddings(after: Int64(state.cursor) ?? 0, limit: limit)
        for item in page { byteCount += item.embedding.vector.count * 4 + 200 }
        batch.embeddings += page.map {
          CachedEmbedding(id: UInt64($0.id), embedding: $0.embedding)
        }
        cursor = page.last.map { String($0.id) }
      default: break
      }
      guard let cursor else {
        return state.part.next.map { FillState(target: state.target, part: $0) }
      }
      state.cursor = cursor
      if byteCount >= configuration.transactionBytesMax { break }
    }
    return state
  }
}

/// The newest episodes of a store, oldest of them first, so that the last one carried is the last to be
/// evicted.
private struct EpisodePages {
  let store: DurableStore
  private let start: EpisodeCursor?
  private let isEmpty: Bool

  init(store: DurableStore, countMax: Int) async throws {
    self.store = store
    let start = try await store.cursor(toNewest: countMax)
    self.start = start?.cursor
    isEmpty = start == nil
  }

  /// - Returns: a page and the text of where it ends; nil where there was nothing more.
  func page(after text: String, limit: Int) async throws -> (episodes: [Episode], next: String?) {
    if isEmpty { return ([], nil) }
    let page = try await store.episodes(
      fromOldest: EpisodeCursor(text) ?? start, isInclusive: text.isEmpty, limit: limit)
    return (page.episodes, page.next?.description)
  }
}
