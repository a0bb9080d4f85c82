/// How a search trades time for recall.
public struct SearchParameters: Hashable, Sendable {
  /// How many nearest records are wanted, 1 to ``kMax``.
  public let k: Int
  /// L: about how many nodes a search expands on average, at least `k`. Larger finds more and takes longer.
  /// Nil where ``targetRecall`` decides.
  public let listSize: Int?
  /// How much farther than the `k`-th nearest found so far (the tenth, for a smaller `k`) a candidate may be to
  /// be expanded, as a share of the squared distance. It lets a search end early where that is likely to lose
  /// nothing, and go on up to twice the list size where it is not. Nil for what the segment measured to
  /// go with the list size; infinite for a search whose list of `listSize` candidates is expanded to the end.
  /// Searches with a filter do without.
  public let slack: Double?
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
    slack = nil
  }

  /// A search with a list of a given size. Values out of range are brought into it.
  public init(k: Int = 10, listSize: Int, slack: Double? = nil) {
    self.k = min(max(1, k), Self.kMax)
    self.listSize = min(max(listSize, self.k), Int(Int32.max))
    self.slack = slack.map { $0 > -1 ? $0 : -1 }
    targetRecall = Self.defaultTargetRecall
  }
}
