/// Counts and sizes of a memory.
public struct MemoryStatistics: Hashable, Sendable, Codable {
  public var home: String
  public var schemaVersion: Int
  public var episodes: Int
  public var steps: Int
  public var patterns: Int
  public var heuristics: Int
  public var embeddings: Int
  public var databaseBytes: Int
  public var lastChange: Int64
  public var cachedEpisodes: Int
  public var cachedEmbeddings: Int
  public var cacheBytes: Int
  public var cacheHits: Int
  public var cacheMisses: Int
  public var segments: Int
  public var segmentBytes: Int
  /// The change sequence the cache stands at.
  public var watermark: Int64
}
