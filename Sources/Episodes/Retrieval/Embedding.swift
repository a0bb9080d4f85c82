/// A text's place in the vector space of a model.
public struct Embedding: Hashable, Sendable, Codable {
  public var owner: EmbeddingOwner
  /// The identifier of the model, such as `all-MiniLM-L6-v2`.
  public var model: String
  /// The vector; unit length where the metric is cosine.
  public var vector: [Float]
  /// SHA-256 of the embedded text, in lower-case hexadecimal.
  public var contentHash: String

  public var dimension: Int { vector.count }

  public init(owner: EmbeddingOwner, model: String, vector: [Float], contentHash: String) {
    self.owner = owner
    self.model = model
    self.vector = vector
    self.contentHash = contentHash
  }
}
