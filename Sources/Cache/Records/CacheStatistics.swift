/// What a ``RecordCache`` holds and has done.
public struct CacheStatistics: Hashable, Sendable, Codable {
  public var episodeCount = 0
  public var patternCount = 0
  public var heuristicCount = 0
  public var embeddingCount = 0
  /// Bytes of the pages in use, over all tables.
  public var usedBytes = 0
  /// The length of the file. It does not shrink; free pages are used again.
  public var fileBytes = 0
  /// The address space reserved.
  public var mapBytes = 0
  /// Reads at once, over all processes, and how many at most so far.
  public var readersMax = 0
  public var readersPeak = 0

  /// Since this object was opened: reads of episodes, patterns and heuristics that found or missed.
  public var hits = 0
  public var misses = 0
  public var puts = 0
  public var deletes = 0
  public var evictions = 0
  public var expirations = 0
  /// Values that could not be decoded; each was treated as missing.
  public var damagedValues = 0

  public init() {}

  /// Hits as a part of all reads, 0 to 1; nil before the first read.
  public var hitRate: Double? {
    hits + misses == 0 ? nil : Double(hits) / Double(hits + misses)
  }
}
