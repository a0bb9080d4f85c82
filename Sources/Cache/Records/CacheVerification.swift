/// What ``RecordCache/verify()`` found.
public struct CacheVerification: Hashable, Sendable, Codable {
  public var episodeCount = 0
  public var patternCount = 0
  public var heuristicCount = 0
  public var embeddingCount = 0
  /// Values that cannot be decoded.
  public var damagedValueCount = 0
  /// Entries that an index lacks or has too many.
  public var indexFaultCount = 0

  public init() {}

  /// Whether everything is as it should be.
  public var isSound: Bool { damagedValueCount == 0 && indexFaultCount == 0 }
}
