/// What a limit on the number of episodes took away, or would.
public struct EvictionReport: Hashable, Sendable, Codable {
  public var evicted = 0
  /// The first of the ids.
  public var ids: [String] = []
  public var isDryRun = false

  /// The most ids that are named.
  public static let idsMax = 100

  public init() {}

  mutating func add(_ batch: [String]) {
    evicted += batch.count
    ids += batch.prefix(max(0, Self.idsMax - ids.count))
  }
}
