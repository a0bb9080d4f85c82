/// What ``RecordCache/verify()`` found.
public struct CacheVerification: Hashable, Sendable, Codable {
  /// Episodes that were looked at.
  public var episodeCount = 0
  /// Patterns that were looked at.
  public var patternCount = 0
  /// Heuristics that were looked at.
  public var heuristicCount = 0
  /// Embeddings that were looked at.
  public var embeddingCount = 0
  /// Values that are not what was written, or cannot be decoded.
  public var damagedValueCount = 0
  /// Entries that an index lacks or has too many, and keys out of order.
  public var indexFaultCount = 0

  /// Of an empty cache: sound.
  public init() {}

  /// Whether everything is as it should be.
  public var isSound: Bool { damagedValueCount == 0 && indexFaultCount == 0 }

  static func += (left: inout CacheVerification, right: CacheVerification) {
    left.episodeCount += right.episodeCount
    left.patternCount += right.patternCount
    left.heuristicCount += right.heuristicCount
    left.embeddingCount += right.embeddingCount
    left.damagedValueCount += right.damagedValueCount
    left.indexFaultCount += right.indexFaultCount
  }
}
