public import Episodes

/// What was recommended for a task, and what became of it.
public struct RecommendationRecord: Hashable, Sendable, Codable, Identifiable {
  /// One of the patterns that were recommended.
  public struct Item: Hashable, Sendable, Codable {
    public var patternID: String
    public var score: Double
    /// What using the pattern did; nil until feedback says.
    public var effect: AppliedPattern.Effect?
    public var effectAt: Timestamp?

    public init(
      patternID: String, score: Double, effect: AppliedPattern.Effect? = nil,
      effectAt: Timestamp? = nil
    ) {
      self.patternID = patternID
      self.score = score
      self.effect = effect
      self.effectAt = effectAt
    }
  }

  public var id: String
  public var namespace: String
  /// The task, in words.
  public var task: String
  public var context: TaskContext?
  /// The episode in which the task is done, if that is known.
  public var episodeID: String?
  public var createdAt: Timestamp
  /// Best first.
  public var items: [Item]

  public init(
    id: String, namespace: String, task: String, context: TaskContext?, episodeID: String?,
    createdAt: Timestamp, items: [Item]
  ) {
    self.id = id
    self.namespace = namespace
    self.task = task
    self.context = context
    self.episodeID = episodeID
    self.createdAt = createdAt
    self.items = items
  }
}
