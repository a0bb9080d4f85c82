public import Episodes

/// An episode that a search found.
public struct EpisodeHit: Hashable, Sendable, Encodable {
  /// How near the episode is to the question, -1 to 1; higher is nearer. Cosine of the embeddings.
  public var similarity: Double
  public var episode: Episode

  public init(similarity: Double, episode: Episode) {
    self.similarity = similarity
    self.episode = episode
  }
}
