internal import Cache
internal import Logging
public import Sync
internal import Synchronization
internal import Vamana

extension Memory {
  /// What the cache holds, takes and has done.
  ///
  /// - Complexity: O(1) but for the number of segments.
  public func cacheStatistics() throws(EngramError) -> CacheReport {
    do {
      let inRecords = try records.statistics()
      let inSegments = try segments.statistics()
      var report = CacheReport()
      report.path = configuration.home.path + "/cache"
      report.items = inRecords.itemCount
      report.episodes = inRecords.episodeCount
      report.patterns = inRecords.patternCount
      report.heuristics = inRecords.heuristicCount
      report.embeddings = inRecords.embeddingCount
      report.segments = inSegments.segmentCount
      report.episodesMax = records.configuration.episodesMax
      report.episodeBytes = inRecords.episodeBytes
      report.episodeBytesMax = records.configuration.episodeBytesMax
      report.recordBytes = inRecords.usedBytes
      report.segmentBytes = inSegments.usedBytes
      report.recordFileBytes = inRecords.fileBytes
      report.segmentFileBytes = inSegments.fileBytes
      report.readersPeak = inRecords.readersPeak
      report.readersMax = inRecords.readersMax
      report.watermark = try records.watermark ?? 0
      report.compressionLevel = configuration.cache.compressionLevel
      report.dictionary = inRecords.dictionaryID
      report.process = CacheActivity(inRecords.counts)
      report.total = CacheActivity(inRecords.totals)
      return report
    } catch {
      throw EngramError(error)
    }
  }

  /// Drops expired episodes and those over the bounds, writes down which were read, gives back what killed
  /// readers held, mends what was found damaged, and has the disk take it all.
  ///
  /// A memory does so by itself in the background (``CacheSettings/sweepIntervalSeconds``).
  @discardableResult
  public func sweepCache() async throws(EngramError) -> CacheSweepReport {
    try await engramErrors {
      var report = CacheSweepReport()
      await flushAccesses()
      report.healed = try await healRecords()
      let (sweep, staleReaders) = try await lane.run { [records, segments] in
        let sweep = try records.sweep()
        let staleReaders = try records.clearStaleReaders() + segments.clearStaleReaders()
        try records.flush()
        return (sweep, staleReaders)
      }
      report.expired = sweep.expiredCount
      report.evicted = sweep.evictedCount
      report.refreshed = sweep.refreshedCount
      report.staleReaders = staleReaders
      return report
    }
  }

  /// Empties the cache and fills it again from the durable store.
  ///
  /// - Returns: what was carried.
  @discardableResult
  public func clearCache() async throws(EngramError) -> SyncReport {
    let report = try await repairCache()
    snapshot.withLock { $0 = nil }
    return report
  }

  /// Reads every byte of the cache and compares it with its checksums.
  ///
  /// - Parameter repairing: whether what is damaged is read from the durable store again.
  /// - Complexity: linear in the bytes of the cache.
  public func checkCache(repairing: Bool = false) async throws(EngramError) -> CacheHealth {
    try await engramErrors {
      var health = CacheHealth()
      health = try await checkLane.run {
        var health = CacheHealth()
        health.mendedAtOpening = self.openingRepairs
        try self.checkRecords(&health)
        health.segments = try self.segments.segments().count
        health.damagedSegments = try self.damagedSegments()
        return health
      }
      if health.damagedValues > 0 {
        health.problems.append("\(health.damagedValues) records are not what was written")
      }
      if health.indexFaults > 0 {
        health.problems.append("\(health.indexFaults) entries of the cache's indexes are wrong")
      }
      if !health.damagedSegments.isEmpty {
        health.problems.append(
          "index segments \(health.damagedSegments) are not what was published")
      }
      guard repairing, !health.isSound else { return health }
      let damaged = health.damagedSegments
      try await lane.run { [segments] in _ = try segments.delete(ids: damaged) }
      if health.damagedValues > 0 || health.indexFaults > 0 {
        try await refillRecords()
      } else {
        try await coordinator.run(.manual)
      }
      health.isRepaired = try await checkCache().isSound
      return health
    }
  }

  private func checkRecords(_ health: inout CacheHealth) throws {
    do {
      let found = try records.verify()
      health.episodes = found.episodeCount
      health.patterns = found.patternCount
      health.heuristics = found.heuristicCount
      health.embeddings = found.embeddingCount
      health.damagedValues = found.damagedValueCount
      health.indexFaults = found.indexFaultCount
    } catch  where error.reason == .damaged {
      health.problems.append(error.description)
    }
  }

  /// Starts the sweeps in the background.
  func startSweeper() {
    guard let interval = configuration.cache.sweepIntervalSeconds else { return }
    let isFirst = Mutex(true)
    let made = CacheSweeper(everySeconds: interval) { [weak self] in
      guard let self else { return }
      do {
        // Of a large cache opening checks the structure only.
        let isChecking = isFirst.withLock { isFirst in
          defer { isFirst = false }
          return isFirst
        }
        if isChecking,
          try await self.checkLane.run({ [records = self.records] in try !records.isIntact() })
        {
          self.logger.warning("the cache is damaged; it is filled anew")
          _ = try await self.refillRecords()
        }
        try await self.sweepCache()
      } catch {
        self.logger.warning("the cache could not be swept; the next sweep will: \(error)")
      }
    }
    sweeper.withLock { $0 = made }
  }
}

extension CacheActivity {
  init(_ counts: CacheCounts) {
    reads = counts.reads
    hits = counts.hits
    misses = counts.misses
    hitRate = counts.hitRate
    writes = counts.puts
    deletes = counts.deletes
    evictions = counts.evictions
    expirations = counts.expirations
    damagedValues = counts.damagedValues
  }
}
