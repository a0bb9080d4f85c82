/// One occurrence of a pattern: what a single episode shows, before it is merged with what is known.
public struct PatternObservation: Hashable, Sendable {
  public var namespace: String
  public var kind: PatternKind
  public var context: TaskContext
  /// How well it went, 0 to 1.
  public var successRate: Double
  public var episodeID: String
  public var time: Timestamp
  /// Whether it is a pattern by itself when none like it is known. What did not work is no approach to
  /// recommend, but it counts against one that is known.
  public var startsPattern: Bool

  public init(
    namespace: String, kind: PatternKind, context: TaskContext, successRate: Double,
    episodeID: String, time: Timestamp, startsPattern: Bool = true
  ) {
    self.namespace = namespace
    self.kind = kind
    self.context = context
    self.successRate = successRate
    self.episodeID = episodeID
    self.time = time
    self.startsPattern = startsPattern
  }

  /// The pattern with this occurrence alone.
  public func pattern(id: String) -> Pattern {
    Pattern(
      id: id, namespace: namespace, kind: kind, context: context, successRate: successRate,
      occurrenceCount: 1, evidence: [episodeID], createdAt: time, updatedAt: time)
  }
}
