/// A regularity seen in episodes.
public struct Pattern: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  public var kind: PatternKind
  public var context: TaskContext
  /// 0 to 1.
  public var successRate: Double
  public var occurrenceCount: Int
  public var effectiveness: PatternEffectiveness
  /// The ids of the episodes that show the pattern.
  public var evidence: [String]
  public var createdAt: Timestamp
  public var updatedAt: Timestamp

  public init(
    id: String, kind: PatternKind, context: TaskContext, successRate: Double, occurrenceCount: Int,
    effectiveness: PatternEffectiveness = PatternEffectiveness(), evidence: [String],
    createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.id = id
    self.kind = kind
    self.context = context
    self.successRate = successRate
    self.occurrenceCount = occurrenceCount
    self.effectiveness = effectiveness
    self.evidence = evidence
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
