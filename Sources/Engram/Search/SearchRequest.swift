public import Episodes

/// A question to the memory.
public struct SearchRequest: Hashable, Sendable {
  /// What is looked for, in words.
  public var text: String
  /// The most hits; at least 1.
  public var limit: Int
  /// Which episodes may be returned.
  public var filter: EpisodeFilter
  /// By what they are found.
  public var mode = RetrievalMode.hybrid
  /// Where the asker works: episodes of the same domain, language, framework and tags are preferred.
  public var context: TaskContext?
  /// Nil for those of ``MemoryConfiguration/retrieval``.
  public var weights: RetrievalWeights?
  /// λ of maximal marginal relevance, 0 to 1: the less, the more unlike one another are the hits. Nil for the
  /// order of the scores.
  public var diversity: Double?
  /// Whether the hits count as used, which keeps them from being evicted; an evaluation uses nothing.
  public var isNoted = true

  public init(
    _ text: String, limit: Int = 10, filter: EpisodeFilter = EpisodeFilter(),
    mode: RetrievalMode = .hybrid, context: TaskContext? = nil, weights: RetrievalWeights? = nil,
    diversity: Double? = nil
  ) {
    self.text = text
    self.limit = max(1, limit)
    self.filter = filter
    self.mode = mode
    self.context = context
    self.weights = weights
    self.diversity = diversity
  }
}
