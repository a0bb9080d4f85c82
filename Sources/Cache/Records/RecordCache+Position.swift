import Episodes
import Synchronization

/// How far a cache is, and of what, at one moment.
public struct CachePosition: Hashable, Sendable {
  /// The sequence of the last change that the cache has; nil for a new cache.
  public var watermark: Int64?
  /// The name of the store that the records come from, as it was handed over; nil for a new cache.
  public var origin: String?
  /// Episodes evicted or expired since the cache was made, by all processes.
  public var droppedCount: Int

  public init(watermark: Int64? = nil, origin: String? = nil, droppedCount: Int = 0) {
    self.watermark = watermark
    self.origin = origin
    self.droppedCount = droppedCount
  }
}

extension RecordCache {
  /// Where the cache stands, read in one transaction.
  ///
  /// - Complexity: three look-ups.
  public var position: CachePosition {
    get throws(CacheError) {
      try read("read the position") { (transaction) throws(CacheError) in
        let counts =
          try RecordMetadata.counts.value(in: transaction, tables).map(CacheCounts.init)
          ?? CacheCounts()
        return CachePosition(
          watermark: try RecordMetadata.watermark.number(in: transaction, tables),
          origin: try RecordMetadata.origin.value(in: transaction, tables)
            .map { String(decoding: $0, as: UTF8.self) },
          droppedCount: counts.evictions &+ counts.expirations)
      }
    }
  }

  /// The episodes, patterns, heuristics and embeddings in the cache, and where it stands, at one moment.
  ///
  /// - Complexity: O(number of tables).
  public func counts() throws(CacheError) -> (
    position: CachePosition, episodes: Int, patterns: Int, heuristics: Int, embeddings: Int
  ) {
    try read("count the records") { (transaction) throws(CacheError) in
      (
        CachePosition(watermark: try RecordMetadata.watermark.number(in: transaction, tables)),
        try transaction.count(of: tables.episodes), try transaction.count(of: tables.patterns),
        try transaction.count(of: tables.heuristics), try transaction.count(of: tables.embeddings)
      )
    }
  }

  /// Whether an episode is in the file though its time is over: the next sweep drops it, no read finds it.
  public func holdsExpiredEpisode(id: String) throws(CacheError) -> Bool {
    try read("look for an episode") { (transaction) throws(CacheError) in
      guard let value = try transaction.value(for: RecordKey.id(id), in: tables.episodes),
        let expiry = RecordHeader.expiry(value), expiry != RecordHeader.neverExpires
      else { return false }
      return expiry <= configuration.now().nanosecondsSince1970
    }
  }

  /// Deletes everything as ``removeAll()`` does, and says in the same transaction what the cache is from
  /// now on: nobody sees an empty cache that does not say so.
  ///
  /// - Parameters:
  ///   - watermark: where the cache stands then.
  ///   - origin: the name of the store that records will come from.
  public func removeAll(leaving watermark: Int64, origin: String) throws(CacheError) {
    touches.withLock { log in _ = log.take() }
    damage.withLock { $0 = CacheDamage() }
    try write("remove everything") { (writer, transaction) throws(CacheError) in
      try writer.removeAll(in: transaction)
      try RecordMetadata.watermark.put(watermark, in: transaction, tables)
      try RecordMetadata.origin.put(Array(origin.utf8), in: transaction, tables)
    }
    codec.use(nil)
  }
}
