/// What a sync carries, and in what portions.
public struct SyncConfiguration: Hashable, Sendable {
  /// How many changes one cache transaction carries; at least 1.
  public var batchSize: Int
  public var includesPatterns: Bool
  public var includesEmbeddings: Bool

  public init(
    batchSize: Int = 100, includesPatterns: Bool = true, includesEmbeddings: Bool = true
  ) {
    self.batchSize = max(1, batchSize)
    self.includesPatterns = includesPatterns
    self.includesEmbeddings = includesEmbeddings
  }
}
