/// What a ``RecordCache`` holds and has done.
public struct CacheStatistics: Hashable, Sendable, Codable {
  public var episodeCount = 0
  public var patternCount = 0
  public var heuristicCount = 0
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
  public var readersPeak = 0
  /// The number of the dictionary that new values are compressed with; nil for none.
  public var dictionaryID: UInt32?
  /// Since this object was opened.
  public var counts = CacheCounts()
  /// Of all processes since the cache was made. Another process's reads since its last write or sweep are
  /// not in it yet; everything else is.
  public var totals = CacheCounts()

  public init() {}

  /// Records of all kinds.
  public var itemCount: Int { episodeCount + patternCount + heuristicCount + embeddingCount }
  public var hits: Int { counts.hits }
  public var misses: Int { counts.misses }
  public var puts: Int { counts.puts }
  public var deletes: Int { counts.deletes }
  public var evictions: Int { counts.evictions }
  public var expirations: Int { counts.expirations }
  public var damagedValues: Int { counts.damagedValues }
  public var hitRate: Double? { counts.hitRate }
}
