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
  /// Whether neither meaning nor words say that it answers the question: less similar than
  /// ``MemoryConfiguration/weakSimilarity``, and with few of the question's words. Where all hits are weak, most
  /// likely nothing that is remembered fits. Never in a search by words alone, which compares no meanings.
  public var isWeak: Bool
  public var episode: Episode

  public init(
    score: Double, similarity: Double, parts: ScoreParts? = nil, isWeak: Bool = false,
    episode: Episode
  ) {
    self.score = score
    self.similarity = similarity
    self.parts = parts
    self.isWeak = isWeak
    self.episode = episode
  }

  init(_ ranked: RankedEpisode, episode: Episode) {
    self.init(
      score: ranked.score, similarity: ranked.similarity ?? 0, parts: ranked.parts,
      isWeak: ranked.isWeak, episode: episode)
  }
}
