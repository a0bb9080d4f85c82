/// How a search trades time for recall.
public struct SearchParameters: Hashable, Sendable {
  /// How many nearest records are wanted, 1 to ``kMax``.
  public let k: Int
  /// L: how many candidates the search keeps while it walks, at least `k`. Larger finds more and takes
  /// longer.
  public let listSize: Int

  /// The most records one search returns.
  public static let kMax = 1 << 20

  /// Values out of range are brought into it.
  public init(k: Int = 10, listSize: Int = 64) {
    self.k = min(max(1, k), Self.kMax)
    self.listSize = min(max(listSize, self.k), Int(Int32.max))
  }

  /// How many of the best candidates by code get an exact distance. Codes of a byte a dimension order
  /// all but close ties, so a few more than `k` are enough.
  var rerankCount: Int { min(listSize, k + max(10, k / 2)) }
}
