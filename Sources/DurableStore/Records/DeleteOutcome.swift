/// What a deletion took away.
public struct DeleteOutcome: Hashable, Sendable {
  public var deletedCount: Int
  /// The ids of the embeddings that went with the records.
  public var removedEmbeddingIDs: [Int64]

  public init(deletedCount: Int = 0, removedEmbeddingIDs: [Int64] = []) {
    self.deletedCount = deletedCount
    self.removedEmbeddingIDs = removedEmbeddingIDs
  }
}
