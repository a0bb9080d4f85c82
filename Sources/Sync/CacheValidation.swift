/// How a cache compares with its durable store.
public struct CacheValidation: Hashable, Sendable, Codable {
  /// The last change in the durable store, and the one the cache stands at.
  public var lastChange: Int64 = 0
  public var watermark: Int64 = 0
  public var episodesInStore = 0
  /// At most the bound of the cache.
  public var episodesInCache = 0
  public var embeddingsInStore = 0
  public var embeddingsInCache = 0
  public var patternsInStore = 0
  public var patternsInCache = 0
  public var heuristicsInStore = 0
  public var heuristicsInCache = 0
  public var segmentsInStore = 0
  public var segmentsInCache = 0
  /// Cached episodes that the store does not hold, or holds otherwise.
  public var staleEpisodes = 0
  /// Cached patterns and heuristics that the store does not hold, or holds otherwise.
  public var stalePatterns = 0
  /// Whether the episode that started last is cached, or was evicted or has expired.
  public var isLatestPresent = true
  /// Cached embeddings whose episode or pattern the store does not hold.
  public var orphanedEmbeddings = 0
  /// Values in the cache that cannot be read.
  public var damagedValues = 0
  /// Entries of the cache's own indexes that do not fit its records.
  public var indexFaults = 0
  /// What was compared, and whether it was found as it should be.
  public var checks: [Check] = []
  /// What is wrong, a sentence each; empty if the cache is sound.
  public var problems: [String] = []

  /// One of the comparisons.
  public struct Check: Hashable, Sendable, Codable {
    /// A short name that stays, such as `counts`.
    public var name: String
    public var isPassed: Bool
    /// What was found, in words.
    public var found: String
  }

  public init() {}

  public var isSound: Bool { problems.isEmpty }
}
