/// Whether the cache is what was written to it.
public struct CacheHealth: Hashable, Sendable, Codable {
  public var episodes = 0
  public var patterns = 0
  public var heuristics = 0
  public var embeddings = 0
  public var segments = 0
  /// Records whose values are not what was written.
  public var damagedValues = 0
  /// Entries of indexes that are wrong.
  public var indexFaults = 0
  /// Segments whose image is not what was published.
  public var damagedSegments: [Int64] = []
  /// What is wrong, a sentence each; empty if the cache is sound.
  public var problems: [String] = []
  /// What was wrong when the memory was opened, which mended it; see ``Memory/openingRepairs``.
  public var mendedAtOpening: [String] = []
  /// Whether what was wrong has been mended.
  public var isRepaired = false

  public init() {}

  public var isSound: Bool { problems.isEmpty }
}
