import Episodes
import Synchronization

extension RecordCache {
  /// Makes all changes of `batch`, or none, then drops expired episodes and evicts the least
  /// recently used ones beyond the bounds. Also writes down the order of the reads since the last
  /// batch, and what was counted.
  ///
  /// The change is seen by every process at once and outlives all of them; what a loss of power does
  /// is said at ``RecordCache``.
  ///
  /// - Returns: what was evicted, expired or refused.
  /// - Throws: ``CacheError``; the cache is then unchanged.
  /// - Complexity: O(log n) for each change and each eviction.
  @discardableResult
  public func apply(_ batch: CacheBatch) throws(CacheError) -> BatchResult {
    if batch.isEmpty {
      var result = BatchResult()
      let sweep = try sweep()
      result.expiredCount = sweep.expiredCount
      result.evictedCount = sweep.evictedCount
      return result
    }
    let now = configuration.now()
    let read = touches.withLock { $0.take() }
    try prepareDictionary(for: batch)
    let encoded = EncodedBatch(
      batch, touches: read, expiresAt: expiry(from: now), codec: codec, tables: tables)
    let writer = try write("apply a batch") { (writer, transaction) throws(CacheError) in
      try writer.apply(
        encoded, bounds: bounds, now: now.nanosecondsSince1970, in: transaction)
    }
    return writer.result
  }

  /// Writes down the order of the reads since the last write and what was counted, then drops the
  /// episodes whose time is over and those beyond the bounds. When there is nothing to do, nothing is
  /// written.
  ///
  /// - Complexity: O(log n) for each read episode and each that is dropped.
  @discardableResult
  public func sweep() throws(CacheError) -> CacheSweep {
    let now = configuration.now().nanosecondsSince1970
    let read = touches.withLock { $0.take() }
    var isDue = !read.isEmpty || counters.hasUnsaved
    if !isDue { isDue = try isSweepDue(now: now) }
    guard isDue else { return CacheSweep() }
    let writer = try write("sweep") { (writer, transaction) throws(CacheError) in
      for id in read { try writer.touch(RecordKey.id(id), in: transaction) }
      try writer.finish(bounds: bounds, now: now, in: transaction)
    }
    return CacheSweep(
      expiredCount: writer.result.expiredCount, evictedCount: writer.result.evictedCount,
      refreshedCount: read.count)
  }

  /// Drops the episodes whose time is over.
  ///
  /// - Returns: how many.
  @discardableResult
  public func sweepExpired() throws(CacheError) -> Int { try sweep().expiredCount }

  /// Deletes everything, the watermark too, at once. The file keeps its length and its pages are
  /// used again. What was counted over all processes stays.
  public func removeAll() throws(CacheError) {
    touches.withLock { log in _ = log.take() }
    damage.withLock { $0 = CacheDamage() }
    try write("remove everything") { (writer, transaction) throws(CacheError) in
      let counts = try RecordMetadata.counts.value(in: transaction.reading, tables)
        .map(CacheCounts.init)
      for table in [tables.episodes, tables.patterns, tables.heuristics, tables.embeddings] {
        writer.counts.deletes += try transaction.reading.count(of: table)
      }
      for table in tables.all { try transaction.empty(table) }
      if let counts { try RecordMetadata.counts.put(counts.bytes, in: transaction, tables) }
    }
    codec.use(nil)
  }

  /// Runs `body` with a writer, and counts what it did, here and in the file.
  @discardableResult
  func write(
    _ operation: String,
    _ body: (inout RecordWriter, borrowing WriteTransaction) throws(CacheError) -> Void
  ) throws(CacheError) -> RecordWriter {
    let lease = try held(for: operation)
    defer { withExtendedLifetime(lease) {} }
    var unsaved = CacheCounts()
    let writer: RecordWriter
    do throws(CacheError) {
      writer = try lease.environment.write {
        (transaction) throws(CacheError) -> RecordWriter in
        var writer = try RecordWriter(tables: tables, in: transaction)
        try body(&writer, transaction)
        // Run again when the map had to grow: what was taken then is added to.
        unsaved = unsaved + counters.takeUnsaved()
        try writer.save(unsaved, in: transaction)
        return writer
      }
    } catch {
      counters.giveBack(unsaved)
      throw error
    }
    counters.addSaved(writer.counts)
    return writer
  }

  var bounds: RecordWriter.Bounds {
    RecordWriter.Bounds(
      episodesMax: configuration.episodesMax, episodeBytesMax: configuration.episodeBytesMax)
  }

  /// Whether an episode is over its time or the cache over its bounds.
  private func isSweepDue(now: Int64) throws(CacheError) -> Bool {
    try read("look for expired episodes") { (transaction) throws(CacheError) in
      let count = try transaction.count(of: tables.episodes)
      if count > configuration.episodesMax { return true }
      let bytes = try RecordMetadata.episodeBytes.number(in: transaction, tables) ?? 0
      if count > 1, bytes > configuration.episodeBytesMax { return true }
      return try transaction.withCursor(on: tables.expiry) { (cursor) throws(CacheError) in
        guard let entry = try cursor.first(), let number = RecordKey.number(in: entry.key) else {
          return false
        }
        return Int64(bitPattern: number ^ 1 << 63) <= now
      }
    }
  }

  private func expiry(from now: Timestamp) -> Int64 {
    guard let seconds = configuration.timeToLiveSeconds else { return RecordHeader.neverExpires }
    let nanoseconds = seconds * 1e9
    // Times to live of centuries do not fit; they never end.
    guard nanoseconds < 4e18 else { return RecordHeader.neverExpires }
    let (sum, overflows) = now.nanosecondsSince1970.addingReportingOverflow(
      Int64(max(0, nanoseconds)))
    return overflows ? RecordHeader.neverExpires : sum
  }
}
