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
  /// How strongly episodes that are written now are compressed, from 1 to 19; nil for not at all.
  public var compressionLevel: Int?
  /// The number of the dictionary that episodes are compressed with; nil for none.
  public var dictionary: UInt32?
  /// Since this process opened the memory.
  public var process = CacheActivity()
  /// Of all processes since the cache was made; another process's reads since its last write or sweep are
  /// not in it yet.
  public var total = CacheActivity()

  public init() {}
}
