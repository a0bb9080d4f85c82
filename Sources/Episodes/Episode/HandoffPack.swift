/// What the next agent needs to go on with an episode.
public struct HandoffPack: Hashable, Sendable, Codable {
  public var goal: String
  public var stepsDone: [String]
  public var whatWorked: [String]
  public var whatFailed: [String]
  public var salientFacts: [String]
  /// At most five.
  public var nextSteps: [String]
  public var patterns: [Pattern]
  public var heuristics: [Heuristic]

  public init(
    goal: String, stepsDone: [String], whatWorked: [String], whatFailed: [String],
    salientFacts: [String], nextSteps: [String], patterns: [Pattern], heuristics: [Heuristic]
  ) {
    self.goal = goal
    self.stepsDone = stepsDone
    self.whatWorked = whatWorked
    self.whatFailed = whatFailed
    self.salientFacts = salientFacts
    self.nextSteps = nextSteps
    self.patterns = patterns
    self.heuristics = heuristics
  }
}
