/// What forgetting took away.
public struct ForgetOutcome: Hashable, Sendable, Codable {
  public var episodes = 0
  public var steps = 0
  public var embeddings = 0
  public var checkpoints = 0
  public var relationships = 0
  /// Patterns that had no other evidence.
  public var patterns = 0
  /// Heuristics that had no other evidence.
  public var heuristics = 0

  public init() {}

  public static func += (left: inout ForgetOutcome, right: ForgetOutcome) {
    left.episodes += right.episodes
    left.steps += right.steps
    left.embeddings += right.embeddings
    left.checkpoints += right.checkpoints
    left.relationships += right.relationships
    left.patterns += right.patterns
    left.heuristics += right.heuristics
  }
}
