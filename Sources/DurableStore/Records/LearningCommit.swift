public import Episodes

/// What a batch of episodes taught: written as a whole or not at all.
public struct LearningCommit: Sendable {
  /// Patterns that were not known before.
  public var newPatterns: [Pattern] = []
  /// Known patterns as they are now. The counters of their use are not written.
  public var mergedPatterns: [Pattern] = []
  /// Those among them whose words have changed, so that their embeddings are of no use.
  public var rewordedPatternIDs: [String] = []
  public var heuristics: [Heuristic] = []
  /// Heuristics among them that are new: the episodes of their evidence are told.
  public var newHeuristicIDs: Set<String> = []
  /// Heuristics that hold no more.
  public var droppedHeuristicIDs: [String] = []
  public var episodes: [LearnedEpisode] = []
  /// Ids of earlier episodes that show a pattern that was found now, by the pattern.
  public var earlierEvidence: [String: [String]] = [:]
  /// The revision the batch was read at.
  public var revision: Int64
  public var time: Timestamp

  public init(revision: Int64, time: Timestamp) {
    self.revision = revision
    self.time = time
  }
}

/// What one episode of the batch is told.
public struct LearnedEpisode: Sendable {
  public var rowID: Int64
  public var episode: Episode
  public var patternIDs: [String]
  public var heuristicIDs: [String]
  /// The reward with the part for new patterns; nil to leave what is stored.
  public var reward: RewardScore?

  public init(
    rowID: Int64, episode: Episode, patternIDs: [String], heuristicIDs: [String],
    reward: RewardScore?
  ) {
    self.rowID = rowID
    self.episode = episode
    self.patternIDs = patternIDs
    self.heuristicIDs = heuristicIDs
    self.reward = reward
  }
}
