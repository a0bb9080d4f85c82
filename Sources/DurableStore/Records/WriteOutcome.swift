/// What one write did to an episode or pattern and its embeddings.
public struct WriteOutcome: Hashable, Sendable {
  public enum Disposition: String, Hashable, Sendable, Codable {
    case inserted, replaced, ignored
    /// Not stored, because it was forgotten.
    case refused
  }

  public var disposition: Disposition
  /// The ids of the embeddings that were handed over, in their order; empty when ignored.
  public var embeddingIDs: [Int64]
  /// The ids of embeddings that are gone because the write replaced or dropped them.
  public var removedEmbeddingIDs: [Int64]
  /// The id under which the same content is stored; set where that is why the write was ignored.
  public var sameContentID: String?

  public init(
    disposition: Disposition, embeddingIDs: [Int64] = [], removedEmbeddingIDs: [Int64] = [],
    sameContentID: String? = nil
  ) {
    self.disposition = disposition
    self.embeddingIDs = embeddingIDs
    self.removedEmbeddingIDs = removedEmbeddingIDs
    self.sameContentID = sameContentID
  }
}
