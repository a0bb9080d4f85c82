public import Episodes

/// How an episode ends: the fields that completing it sets.
public struct EpisodeCompletion: Hashable, Sendable {
  public var endTime: Timestamp
  public var outcome: TaskOutcome
  public var reward: RewardScore?
  public var reflection: Reflection?
  /// `nil` in this and the fields below leaves what is stored.
  public var salientFeatures: [String]?
  public var patternIDs: [String]?
  public var heuristicIDs: [String]?
  /// Beside those that the episode names already; of the same pattern these hold.
  public var appliedPatterns: [AppliedPattern]?
  /// How many steps the episode must have, if reward and embeddings were made from them.
  public var expectedStepCount: Int?

  public init(
    endTime: Timestamp, outcome: TaskOutcome, reward: RewardScore? = nil,
    reflection: Reflection? = nil, salientFeatures: [String]? = nil, patternIDs: [String]? = nil,
    heuristicIDs: [String]? = nil, appliedPatterns: [AppliedPattern]? = nil,
    expectedStepCount: Int? = nil
  ) {
    self.endTime = endTime
    self.outcome = outcome
    self.reward = reward
    self.reflection = reflection
    self.salientFeatures = salientFeatures
    self.patternIDs = patternIDs
    self.heuristicIDs = heuristicIDs
    self.appliedPatterns = appliedPatterns
    self.expectedStepCount = expectedStepCount
  }
}
