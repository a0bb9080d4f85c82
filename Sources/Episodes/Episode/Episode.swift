/// What an agent did once: a task, its context, the steps taken and how it ended.
///
/// Every field survives store, cache, export and import unchanged.
public struct Episode: Hashable, Sendable, Identifiable, Encodable {
  public var id: String
  /// Isolates agents, sessions or projects from one another.
  public var namespace: String
  public var agentID: String?
  public var sessionID: String?
  public var taskType: TaskType
  public var taskDescription: String
  public var context: TaskContext
  public var startTime: Timestamp
  /// Nil while the episode is unfinished.
  public var endTime: Timestamp?
  public var steps: [ExecutionStep]
  /// Nil while the episode is unfinished.
  public var outcome: TaskOutcome?
  /// Set on completion; see ``RewardFormula``.
  public var reward: RewardScore?
  public var reflection: Reflection?
  public var salientFeatures: [String]?
  public var patternIDs: [String]
  public var heuristicIDs: [String]
  public var appliedPatterns: [AppliedPattern]
  public var tags: [Tag]
  public var metadata: [String: String]
  public var checkpoints: [Checkpoint]
  public var location: Location?
  /// When what the episode says began to hold, if that is known.
  public var validFrom: Timestamp?
  public var validUntil: Timestamp?
  /// The id of the episode that replaced this one.
  public var supersededBy: String?

  /// Whether the episode has ended: it takes no more steps then.
  public var isFinished: Bool { outcome != nil || endTime != nil }

  /// The namespace of an episode that names none.
  public static let defaultNamespace = "default"

  public init(
    id: String, namespace: String = Episode.defaultNamespace, agentID: String? = nil,
    sessionID: String? = nil, taskType: TaskType = .other, taskDescription: String,
    context: TaskContext = TaskContext(), startTime: Timestamp, endTime: Timestamp? = nil,
    steps: [ExecutionStep] = [], outcome: TaskOutcome? = nil, reward: RewardScore? = nil,
    reflection: Reflection? = nil, salientFeatures: [String]? = nil, patternIDs: [String] = [],
    heuristicIDs: [String] = [], appliedPatterns: [AppliedPattern] = [], tags: [Tag] = [],
    metadata: [String: String] = [:], checkpoints: [Checkpoint] = [], location: Location? = nil,
    validFrom: Timestamp? = nil, validUntil: Timestamp? = nil, supersededBy: String? = nil
  ) {
    self.id = id
    self.namespace = namespace
    self.agentID = agentID
    self.sessionID = sessionID
    self.taskType = taskType
    self.taskDescription = taskDescription
    self.context = context
    self.startTime = startTime
    self.endTime = endTime
    self.steps = steps
    self.outcome = outcome
    self.reward = reward
    self.reflection = reflection
    self.salientFeatures = salientFeatures
    self.patternIDs = patternIDs
    self.heuristicIDs = heuristicIDs
    self.appliedPatterns = appliedPatterns
    self.tags = tags
    self.metadata = metadata
    self.checkpoints = checkpoints
    self.location = location
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.supersededBy = supersededBy
  }
}
