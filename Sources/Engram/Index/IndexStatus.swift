/// What the index of a memory consists of.
public struct IndexStatus: Hashable, Sendable, Codable {
  /// One immutable segment.
  public struct Segment: Hashable, Sendable, Codable {
    public var id: Int64
    public var model: String
    public var count: Int
    public var byteCount: Int
  }

  public var segments: [Segment]
  /// Embeddings that no segment covers yet; they are scanned exactly.
  public var tailCount: Int
  /// Records in segments or tail whose episode has been deleted or embedded anew.
  public var deadCount: Int
  /// Embeddings in the durable store.
  public var embeddingCount: Int
}
