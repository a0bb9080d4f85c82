/// How a search trades time for recall.
public struct SearchParameters: Hashable, Sendable {
  /// How many nearest records are wanted; at least 1.
  public var k: Int
  /// L: how many candidates the search keeps while it walks, at least `k`. Larger finds more and takes
  /// longer.
  public var listSize: Int

  public init(k: Int = 10, listSize: Int = 64) {
    self.k = max(1, k)
    self.listSize = max(listSize, max(1, k))
  }

  /// How many of the best candidates by code get an exact distance. Codes of a byte a dimension order
  /// all but close ties, so a few more than `k` are enough.
  var rerankCount: Int { min(listSize, k + max(10, k / 2)) }
}
