public import Episodes

/// An embedding and the id under which the vector index knows it.
public struct StoredEmbedding: Hashable, Sendable, Identifiable {
  /// Rises with each embedding written, and is never used again.
  public var id: Int64
  public var embedding: Embedding

  public init(id: Int64, embedding: Embedding) {
    self.id = id
    self.embedding = embedding
  }
}
