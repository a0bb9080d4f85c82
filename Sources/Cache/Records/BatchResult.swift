/// What applying a ``CacheBatch`` did beside what it says.
public struct BatchResult: Hashable, Sendable {
  /// False if the watermark did not stand where the batch expected it; nothing was done then.
  public var applied = true
  /// Episodes dropped because the cache was over its bound.
  public var evictedCount = 0
  /// Episodes dropped because their time was over.
  public var expiredCount = 0
  /// Ids of episodes that the cache cannot hold, because their parameters nest too deep. They are
  /// not in the cache, and no older version of them is.
  public var refusedEpisodeIDs: [String] = []
  /// Ids of embeddings that the cache cannot hold, because a text of theirs is too long.
  public var refusedEmbeddingIDs: [UInt64] = []

  /// A result of nothing done.
  public init() {}
}
