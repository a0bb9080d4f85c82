public import Episodes

/// An episode that a search found.
public struct EpisodeHit: Hashable, Sendable, Encodable {
  /// By what hits are ordered, higher is better: the sum of ``parts`` in a hybrid search, the cosine in one by
  /// vector, BM25 in one by words. Scores of different questions do not compare.
  public var score: Double
  /// How near the episode is to the question, -1 to 1; higher is nearer. Cosine of the embeddings; 0 in a search
  /// by words, which embeds none.
  public var similarity: Double
  /// What the score is made of; nil where it is one number.
  public var parts: ScoreParts?
  public var episode: Episode

  public init(
    score: Double, similarity: Double, parts: ScoreParts? = nil, episode: Episode
  ) {
    self.score = score
    self.similarity = similarity
    self.parts = parts
    self.episode = episode
  }

  init(_ ranked: RankedEpisode, episode: Episode) {
    self.init(
      score: ranked.score, similarity: ranked.similarity ?? 0, parts: ranked.parts,
      episode: episode)
  }
}
