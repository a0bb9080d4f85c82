public import Episodes

/// Changes to a ``RecordCache`` that take effect together.
///
/// Deletes come before puts: a record that is in both is in the cache afterwards.
public struct CacheBatch: Hashable, Sendable {
  /// Episodes to put, each in the place of one with the same id; the last put is the most recently used.
  public var episodes: [Episode] = []
  /// Put after ``episodes``.
  package var preparedEpisodes: [PreparedEpisode] = []
  /// Patterns to put; they are never evicted.
  public var patterns: [Pattern] = []
  /// Heuristics to put; they are never evicted.
  public var heuristics: [Heuristic] = []
  /// Embeddings to put; they are never evicted.
  public var embeddings: [CachedEmbedding] = []
  /// Put after ``embeddings``.
  package var preparedEmbeddings: [PreparedEmbedding] = []
  /// Ids of episodes to delete, with all embeddings of the episode, its steps and its summary.
  public var deletedEpisodeIDs: [String] = []
  /// Ids of patterns to delete, with their embeddings.
  public var deletedPatternIDs: [String] = []
  /// Heuristics to delete; ids that are not there are no error.
  public var deletedHeuristicIDs: [String] = []
  /// Numbers of embeddings to delete; those that are not there are no error.
  public var deletedEmbeddingIDs: [UInt64] = []
  /// Owners of which all embeddings, whatever their part, are deleted.
  public var deletedEmbeddingOwners: [EmbeddingOwner] = []
  /// The sequence of the last change that is in the cache with this batch; nil leaves it.
  public var watermark: Int64?
  /// Where the watermark must stand for the batch to be applied (0 in a new cache); nil for
  /// anywhere. Another process may have moved it since the batch was put together.
  public var expectedWatermark: Int64?
  /// The name of the store that the records come from; nil leaves it.
  public var origin: String?

  /// A batch that changes nothing.
  public init() {}

  /// Whether the batch has nothing to do but to write down what was read since the last one.
  public var isEmpty: Bool { self == CacheBatch() }
}
