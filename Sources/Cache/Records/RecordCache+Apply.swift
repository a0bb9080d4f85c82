import Episodes
import Synchronization

extension RecordCache {
  /// Makes all changes of `batch`, or none, then drops expired episodes and evicts the least
  /// recently used ones beyond the bound. Also writes down the order of the reads since the last
  /// batch.
  ///
  /// Costs one flush of the file to disk, whatever the size of the batch.
  ///
  /// - Returns: what was evicted, expired or refused.
  /// - Throws: ``CacheError``; the cache is then unchanged.
  /// - Complexity: O(log n) for each change and each eviction.
  @discardableResult
  public func apply(_ batch: CacheBatch) throws(CacheError) -> BatchResult {
    let now = configuration.now()
    let read = touches.withLock { $0.take() }
    if batch.isEmpty, read.isEmpty {
      var result = BatchResult()
      result.expiredCount = try sweepExpired()
      return result
    }
    let encoded = EncodedBatch(batch, touches: read, expiresAt: expiry(from: now))
    let lease = try held(for: "apply a batch")
    defer { withExtendedLifetime(lease) {} }
    let writer = try lease.environment.write {
      (transaction) throws(CacheError) -> RecordWriter in
      var writer = RecordWriter(tables: tables)
      try writer.apply(
        encoded, episodesMax: configuration.episodesMax, now: now.nanosecondsSince1970,
        in: transaction)
      return writer
    }
    count(writer)
    return writer.result
  }

  /// Drops the episodes whose time is over.
  ///
  /// - Returns: how many. When there is none, nothing is written.
  /// - Complexity: O(log n) for each.
  @discardableResult
  public func sweepExpired() throws(CacheError) -> Int {
    let now = configuration.now().nanosecondsSince1970
    let isAnyDue = try read("look for expired episodes") { (transaction) throws(CacheError) in
      try transaction.withCursor(on: tables.expiry) { (cursor) throws(CacheError) in
        guard let entry = try cursor.first(), let number = RecordKey.number(in: entry.key) else {
          return false
        }
        return Int64(bitPattern: number ^ 1 << 63) <= now
      }
    }
    guard isAnyDue else { return 0 }
    let lease = try held(for: "drop expired episodes")
    defer { withExtendedLifetime(lease) {} }
    let writer = try lease.environment.write {
      (transaction) throws(CacheError) -> RecordWriter in
      var writer = RecordWriter(tables: tables)
      try writer.expire(now: now, in: transaction)
      return writer
    }
    count(writer)
    return writer.result.expiredCount
  }

  /// Deletes everything, the watermark too, at once. The file keeps its length and its pages are
  /// used again.
  public func removeAll() throws(CacheError) {
    touches.withLock { log in _ = log.take() }
    let lease = try held(for: "remove everything")
    defer { withExtendedLifetime(lease) {} }
    let removed = try lease.environment.write { (transaction) throws(CacheError) -> Int in
      var removed = 0
      for table in [tables.episodes, tables.patterns, tables.heuristics, tables.embeddings] {
        removed += try transaction.reading.count(of: table)
      }
      for table in tables.all { try transaction.empty(table) }
      return removed
    }
    counters.deletes.count(removed)
  }

  private func count(_ writer: RecordWriter) {
    counters.puts.count(writer.putCount)
    counters.deletes.count(writer.deleteCount)
    counters.evictions.count(writer.result.evictedCount)
    counters.expirations.count(writer.result.expiredCount)
  }

  private func expiry(from now: Timestamp) -> Int64 {
    guard let seconds = configuration.timeToLiveSeconds else { return RecordFormat.neverExpires }
    let nanoseconds = seconds * 1e9
    // Times to live of centuries do not fit; they never end.
    guard nanoseconds < 4e18 else { return RecordFormat.neverExpires }
    let (sum, overflows) = now.nanosecondsSince1970.addingReportingOverflow(
      Int64(max(0, nanoseconds)))
    return overflows ? RecordFormat.neverExpires : sum
  }
}
