/// What a sweep of the cache did.
public struct CacheSweepReport: Hashable, Sendable, Codable {
  /// Episodes dropped because their time was over.
  public var expired = 0
  /// Episodes dropped because the cache was over its bounds.
  public var evicted = 0
  /// Episodes whose reads were written down, so that they are evicted later.
  public var refreshed = 0
  /// Places of readers whose processes are gone, given back.
  public var staleReaders = 0
  /// Damaged records that were read from the durable store again.
  public var healed = 0

  public init() {}
}

/// What happened in a cache.
public struct CacheActivity: Hashable, Sendable, Codable {
  /// Reads of episodes, patterns and heuristics.
  public var reads = 0
  public var hits = 0
  public var misses = 0
  /// Hits as a part of reads, 0 to 1; nil before the first read.
  public var hitRate: Double?
  public var writes = 0
  public var deletes = 0
  public var evictions = 0
  public var expirations = 0
  /// Values that were not what was written; each was treated as missing.
  public var damagedValues = 0

  public init() {}
}

/// What the cache holds, takes and has done.
public struct CacheReport: Hashable, Sendable, Codable {
  public var path = ""
  /// Records of all kinds.
  public var items = 0
  public var episodes = 0
  public var patterns = 0
  public var heuristics = 0
  public var embeddings = 0
  public var segments = 0
  public var episodesMax = 0
  public var episodeBytes = 0
  public var episodeBytesMax = 0
  /// Bytes of the pages in use by records, and by index segments.
  public var recordBytes = 0
  public var segmentBytes = 0
  /// The lengths of the two files. They do not shrink; free pages are used again.
  public var recordFileBytes = 0
  public var segmentFileBytes = 0
  /// The most reads at once so far, over all processes.
  public var readersPeak = 0
  public var readersMax = 0
  /// The change sequence the cache stands at.
  public var watermark: Int64 = 0
  /// The number of the dictionary that episodes are compressed with; nil for none.
  public var dictionary: UInt32?
  /// Since this process opened the memory.
  public var process = CacheActivity()
  /// Of all processes since the cache was made; another process's reads since its last write or sweep are
  /// not in it yet.
  public var total = CacheActivity()

  public init() {}
}

/// Whether the cache is what was written to it.
public struct CacheHealth: Hashable, Sendable, Codable {
  public var episodes = 0
  public var patterns = 0
  public var heuristics = 0
  public var embeddings = 0
  public var segments = 0
  /// Records whose values are not what was written.
  public var damagedValues = 0
  /// Entries of indexes that are wrong.
  public var indexFaults = 0
  /// Segments whose image is not what was published.
  public var damagedSegments: [Int64] = []
  /// What is wrong, a sentence each; empty if the cache is sound.
  public var problems: [String] = []
  /// Whether what was wrong has been mended.
  public var isRepaired = false

  public init() {}

  public var isSound: Bool { problems.isEmpty }
}
