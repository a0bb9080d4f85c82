/// How a search trades time for recall.
public struct SearchParameters: Hashable, Sendable {
  /// How many nearest records are wanted, 1 to ``kMax``.
  public let k: Int
  /// L: how many candidates the search keeps while it walks, at least `k`. Larger finds more and takes
  /// longer. Nil where ``targetRecall`` decides.
  public let listSize: Int?
  /// The share of the true nearest records that is wanted, 0 to 1. Each segment chooses the list size by
  /// what it measured when it was built, see ``Segment/recallCurve``.
  public let targetRecall: Double

  /// The most records one search returns.
  public static let kMax = 1 << 20
  public static let defaultTargetRecall = 0.95

  /// A search for a share of the nearest. Values out of range are brought into it.
  public init(k: Int = 10, targetRecall: Double = defaultTargetRecall) {
    self.k = min(max(1, k), Self.kMax)
    self.targetRecall = targetRecall >= 0 ? min(1, targetRecall) : 0
    listSize = nil
  }

  /// A search with a list of a given size. Values out of range are brought into it.
  public init(k: Int = 10, listSize: Int) {
    self.k = min(max(1, k), Self.kMax)
    self.listSize = min(max(listSize, self.k), Int(Int32.max))
    targetRecall = Self.defaultTargetRecall
  }
}
