internal import Cache
internal import DurableStore
internal import Episodes
internal import Logging

extension Synchronizer {
  /// How often a batch is tried again because another process moved the watermark.
  private static let attemptsMax = 100

  /// How many changes after it a mark is kept.
  private static let markDistanceMax: Int64 = 50

  /// Brings the records of the cache up to date: from the change log after the watermark, batch by
  /// batch, or from the records themselves where the log does not reach back to it.
  func carryRecords(from store: DurableStore, _ report: inout SyncReport) async throws {
    var attempts = 0
    while true {
      guard attempts < Self.attemptsMax else { throw SyncError.contended }
      let position = try records.position
      let watermark = position.watermark
      let origin = position.origin.map(CacheOrigin.init)
      if let watermark, FillState.isUnderWay(watermark) {
        // Waiting for another process is no attempt of this one.
        guard case .own(let lock) = try await turnToFill(from: watermark) else { continue }
        defer { withExtendedLifetime(lock) {} }
        if try await resumeFill(from: store, mark: watermark, origin: origin, &report) == false {
          attempts += 1
        }
        continue
      }
      switch try await wayOn(from: watermark, origin: origin, store: store) {
      case .upToDate:
        report.watermark = watermark ?? 0
        return
      case .log(let changes):
        let origin =
          origin
          ?? CacheOrigin(
            storeID: store.storeID,
            filling: CacheOrigin.Filling(droppedBefore: position.droppedCount))
        if try await follow(changes, after: watermark ?? 0, origin: origin, store: store, &report) {
          return
        }
        attempts += 1
      case .foreign:
        guard case .own(let lock) = try await turnToFill(from: watermark) else { continue }
        defer { withExtendedLifetime(lock) {} }
        logger.notice("the cache holds another store's records; it is filled anew")
        try await dropSegments()
        if try await fill(from: store, isNew: false, &report) == false { attempts += 1 }
      case .fill(let isNew):
        guard case .own(let lock) = try await turnToFill(from: watermark) else { continue }
        defer { withExtendedLifetime(lock) {} }
        if isNew {
          logger.info("filling a new cache")
        } else {
          logger.notice("the change log does not reach back to the cache; it is filled anew")
        }
        if try await fill(from: store, isNew: isNew, &report) == false { attempts += 1 }
      }
    }
  }

  /// How the cache gets from where it stands to where the store is.
  private enum Way {
    case upToDate
    /// The first of the changes after the watermark.
    case log([Change])
    /// The cache holds another store's records.
    case foreign
    /// The log no longer holds all changes after the watermark, or is the longer way.
    case fill(isNew: Bool)
  }

  private func wayOn(
    from watermark: Int64?, origin: CacheOrigin?, store: DurableStore
  ) async throws -> Way {
    guard let watermark else {
      let last = try await store.lastChangeSequence()
      if last == 0 { return .upToDate }
      if last > configuration.replayedChangesMax { return .fill(isNew: true) }
      return try await wayOn(fromChange: 0, mark: nil, store: store)
    }
    if let origin, origin.storeID != store.storeID { return .foreign }
    return try await wayOn(fromChange: watermark, mark: origin?.mark, store: store)
  }

  /// - Parameter mark: of a change that was carried.
  private func wayOn(
    fromChange watermark: Int64, mark: ChangeMark?, store: DurableStore
  ) async throws -> Way {
    // With some that the cache has, if they are there, to see that they still say the same.
    let known = mark.flatMap { $0.sequence >= 1 && $0.sequence <= watermark ? $0 : nil }
    let start = max(0, (known?.sequence ?? watermark) - 1)
    // One more than a batch: a batch that is the last shows that it is.
    var changes = try await store.changes(
      after: start, limit: configuration.batchSize + 1 + Int(watermark - start))
    if let first = changes.first, let known, first.sequence == known.sequence,
      !known.isOf(first)
    {
      return .foreign
    }
    if let last = changes.last(where: { $0.sequence <= watermark }), last.sequence == watermark {
      changes.removeAll { $0.sequence <= watermark }
      return changes.isEmpty ? .upToDate : .log(changes)
    }
    changes.removeAll { $0.sequence <= watermark }
    if changes.first?.sequence == watermark + 1 { return .log(changes) }
    let last = try await store.lastChangeSequence()
    if watermark == last { return .upToDate }
    if watermark > last { return .foreign }
    // Read after the changes: an entry that is still there now was there then.
    if try await store.firstChangeSequence() > watermark + 1 { return .fill(isNew: false) }
    return changes.isEmpty ? .upToDate : .log(changes)
  }

  /// Carries `first` and the changes after it, to the end of the log.
  ///
  /// - Returns: false if another process moved the watermark.
  private func follow(
    _ first: [Change], after watermark: Int64, origin: CacheOrigin, store: DurableStore,
    _ report: inout SyncReport
  ) async throws -> Bool {
    var writer = BatchWriter(records: records, lane: writingLane, logger: logger)
    var reached = watermark
    var origin = origin
    var mark = origin.mark
    var changes = first
    // As many as `first` was asked for.
    var limit = configuration.batchSize + 1
    while let end = changes.last {
      var collector = BatchCollector(store: store, configuration: configuration)
      var carried = 0
      repeat {
        let next = min(changes.count, carried + configuration.batchSize)
        try await collector.add(changes[carried..<next])
        carried = next
      } while carried < changes.count && collector.byteCount < configuration.transactionBytesMax
      let last = carried < changes.count ? changes[carried - 1] : end
      var batch = collector.finish()
      batch.expectedWatermark = reached
      batch.watermark = last.sequence
      mark = ChangeMark(lastOf: changes[..<carried]) ?? mark
      // One far back would have each sync read all that came after it.
      if let known = mark, last.sequence - known.sequence > Self.markDistanceMax { mark = nil }
      origin.position = mark.map(CacheOrigin.Position.at)
      batch.origin = origin.text
      try await writer.submit(batch, &report)
      if writer.isRefused { break }
      report.changeCount += carried
      reached = last.sequence
      let isAtEnd = carried == changes.count && changes.count < limit
      if isAtEnd { break }
      limit = min(limit * 2, configuration.batchSize * configuration.batchesATransactionMax)
      changes = try await store.changes(after: reached, limit: limit)
      // Trimmed from under the feet: the next look finds that.
      if let next = changes.first, next.sequence != reached + 1 { break }
    }
    try await writer.finish(&report)
    return !writer.isRefused && changes.last.map { $0.sequence == reached } ?? true
  }
}
