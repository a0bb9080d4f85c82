import Episodes

extension RecordWriter {
  /// Drops the episodes whose time is over at `now`.
  ///
  /// - Complexity: O(log n) for each.
  mutating func expire(
    now: Int64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    while let entry = try takeFirst(
      of: tables.expiry, in: transaction.reading,
      where: { key in
        RecordKey.number(in: key).map { Int64(bitPattern: $0 ^ 1 << 63) <= now } ?? true
      })
    {
      guard try remove(episode: Array(entry.key.dropFirst(8)), in: transaction) else { continue }
      result.expiredCount += 1
      counts.expirations += 1
    }
  }

  /// Drops the least recently used episodes while there are too many, or too many bytes and more than one.
  mutating func evict(
    _ bounds: Bounds, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    var count = try transaction.reading.count(of: tables.episodes)
    while count > bounds.episodesMax || (count > 1 && episodeBytes > bounds.episodeBytesMax) {
      if let entry = try takeFirst(of: tables.recency, in: transaction.reading) {
        guard try remove(episode: entry.value, in: transaction) else { continue }
      } else if let entry = try takeFirst(of: tables.episodes, in: transaction.reading) {
        // Only in a damaged cache is an episode in no order of use.
        episodeBytes = max(0, episodeBytes - Int64(entry.value.count))
      } else {
        return
      }
      count -= 1
      result.evictedCount += 1
      counts.evictions += 1
    }
  }

  /// Deletes the first entry of a table in the write transaction that `transaction` reads, at the cursor:
  /// it goes even where the order of keys is damaged.
  private func takeFirst(
    of table: Table, in transaction: borrowing ReadTransaction,
    where isWanted: (UnsafeRawBufferPointer) -> Bool = { _ in true }
  ) throws(CacheError) -> (key: [UInt8], value: [UInt8])? {
    try transaction.withCursor(on: table) { (cursor) throws(CacheError) in
      guard let entry = try cursor.first(), isWanted(entry.key) else { return nil }
      let taken = (Array(entry.key), Array(entry.value))
      try cursor.delete()
      return taken
    }
  }
}
