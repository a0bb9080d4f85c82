/// An episode that is like a question, by its id alone.
public struct EpisodeMatch: Hashable, Sendable, Codable {
  public var id: String
  /// Of the nearest of its embeddings, -1 to 1; higher is nearer.
  public var similarity: Double

  public init(id: String, similarity: Double) {
    self.id = id
    self.similarity = similarity
  }
}
