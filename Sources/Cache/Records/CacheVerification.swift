/// What ``RecordCache/verify()`` found.
public struct CacheVerification: Hashable, Sendable, Codable {
  public var episodeCount = 0
  public var patternCount = 0
  public var heuristicCount = 0
  public var embeddingCount = 0
  /// Values that are not what was written, or cannot be decoded.
  public var damagedValueCount = 0
  /// Entries that an index lacks or has too many, and keys out of order.
  public var indexFaultCount = 0

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
