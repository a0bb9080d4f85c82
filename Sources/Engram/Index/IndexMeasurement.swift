/// What the index of a memory finds of the true nearest, and how fast, on this machine.
public struct IndexMeasurement: Hashable, Sendable, Codable {
  /// Searches with a list of one size.
  public struct Point: Hashable, Sendable, Codable {
    public var listSize: Int
    /// The share of the ten true nearest that were found, 0 to 1.
    public var recallAt10: Double
    public var latencyMicrosecondsP50: Double
    public var latencyMicrosecondsP99: Double
  }

  /// Embeddings in segments, and beside them.
  public var indexedCount: Int
  public var tailCount: Int
  public var dimension: Int
  public var queryCount: Int
  /// Of comparing a question with every embedding.
  public var exactMicrosecondsP50: Double
  /// In rising order of their list sizes; empty where there is nothing to search.
  public var points: [Point]
}
