/// How texts become vectors: the model, and a closure that runs it.
public struct DatasetEmbedding: Sendable {
  /// The identifier of the model, such as `all-MiniLM-L6-v2`.
  public var model: String
  public var dimension: Int
  /// Texts given to the closure at once.
  public var batchSize: Int
  /// Gives the vectors of the texts, one after the other.
  public var embed: @Sendable ([String]) async throws -> [Float]

  public init(
    model: String, dimension: Int, batchSize: Int = 1024,
    embed: @escaping @Sendable ([String]) async throws -> [Float]
  ) {
    precondition(dimension > 0 && batchSize > 0, "dimension and batch size are positive")
    self.model = model
    self.dimension = dimension
    self.batchSize = batchSize
    self.embed = embed
  }
}
