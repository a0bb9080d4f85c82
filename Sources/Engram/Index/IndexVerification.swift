/// How good the index of a memory is: damage, and recall against exact search.
public struct IndexVerification: Hashable, Sendable, Codable {
  public var segmentCount = 0
  public var recordCount = 0
  /// Segment or checksum problems, a sentence each; empty if all is well.
  public var problems: [String] = []
  /// How many of the indexed vectors were asked for.
  public var queryCount = 0
  /// The share of the true ten nearest that the index returned; nil without vectors.
  public var recallAt10: Double?
  /// Search time without embedding the words, microseconds.
  public var latencyMicrosecondsP50: Double?
  public var latencyMicrosecondsP99: Double?

  public var isSound: Bool { problems.isEmpty }
}
