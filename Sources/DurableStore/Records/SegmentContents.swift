/// Which vectors a segment indexes, and how.
public struct SegmentContents: Hashable, Sendable, Codable {
  /// The identifier of the embedding model.
  public var model: String
  /// The name of the metric, such as `cosine`.
  public var metric: String
  public var dimension: Int
  public var vectorCount: Int
  /// The lowest and the highest id of the embeddings inside.
  public var embeddingIDs: ClosedRange<Int64>

  public init(
    model: String, metric: String, dimension: Int, vectorCount: Int,
    embeddingIDs: ClosedRange<Int64>
  ) {
    self.model = model
    self.metric = metric
    self.dimension = dimension
    self.vectorCount = vectorCount
    self.embeddingIDs = embeddingIDs
  }
}
