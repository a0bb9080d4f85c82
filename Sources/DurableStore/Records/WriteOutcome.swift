/// What one write did to an episode or pattern and its embeddings.
public struct WriteOutcome: Hashable, Sendable {
  public enum Disposition: String, Hashable, Sendable, Codable {
    case inserted, replaced, ignored
  }

  public var disposition: Disposition
  /// The ids of the embeddings that were handed over, in their order; empty when ignored.
  public var embeddingIDs: [Int64]
  /// The ids of embeddings that are gone because the write replaced or dropped them.
  public var removedEmbeddingIDs: [Int64]

  public init(
    disposition: Disposition, embeddingIDs: [Int64] = [], removedEmbeddingIDs: [Int64] = []
  ) {
    self.disposition = disposition
    self.embeddingIDs = embeddingIDs
    self.removedEmbeddingIDs = removedEmbeddingIDs
  }
}
