/// What a ``RecordCache`` holds and has done.
public struct CacheStatistics: Hashable, Sendable, Codable {
  /// Episodes in the cache, those included that are over their time and not yet swept.
  public var episodeCount = 0
  /// Patterns in the cache.
  public var patternCount = 0
  /// Heuristics in the cache.
  public var heuristicCount = 0
  /// Embeddings in the cache.
  public var embeddingCount = 0
  /// Bytes of the stored episodes, which their bound goes by.
  public var episodeBytes = 0
  /// Bytes of the pages in use, over all tables.
  public var usedBytes = 0
  /// The length of the file. It does not shrink; free pages are used again.
  public var fileBytes = 0
  /// The address space reserved.
  public var mapBytes = 0
  /// Reads at once, over all processes, and how many at most so far.
  public var readersMax = 0
  /// The most reads at once so far, over all processes.
  public var readersPeak = 0
  /// The number of the dictionary that new values are compressed with; nil for none.
  public var dictionaryID: UInt32?
  /// Since this object was opened.
  public var counts = CacheCounts()
  /// Of all processes since the cache was made. Another process's reads since its last write or sweep are
  /// not in it yet; everything else is.
  public var totals = CacheCounts()

  /// Of an empty cache.
  public init() {}

  /// Records of all kinds.
  public var itemCount: Int { episodeCount + patternCount + heuristicCount + embeddingCount }
  /// Hits since this object was opened.
  public var hits: Int { counts.hits }
  /// Misses since this object was opened.
  public var misses: Int { counts.misses }
  /// Puts since this object was opened.
  public var puts: Int { counts.puts }
  /// Deletes since this object was opened.
  public var deletes: Int { counts.deletes }
  /// Evictions since this object was opened.
  public var evictions: Int { counts.evictions }
  /// Expirations since this object was opened.
  public var expirations: Int { counts.expirations }
  /// Damaged values met since this object was opened.
  public var damagedValues: Int { counts.damagedValues }
  /// Hits as a part of reads since this object was opened, 0 to 1; nil before the first read.
  public var hitRate: Double? { counts.hitRate }
}
