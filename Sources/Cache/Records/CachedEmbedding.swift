public import Episodes

/// An embedding and the number that the durable store gave it.
public struct CachedEmbedding: Hashable, Sendable, Identifiable {
  /// The number that the durable store gave the embedding; no other ever gets it.
  public var id: UInt64
  /// The vector with its owner and model.
  public var embedding: Embedding

  /// An embedding under its number.
  public init(id: UInt64, embedding: Embedding) {
    self.id = id
    self.embedding = embedding
  }
}
