/// The sizes of one walk, all of them settled.
struct WalkParameters: Hashable {
  let k: Int
  let listSize: Int
  /// How much farther than the nearest found a candidate may be to be expanded, see ``SearchRadius``.
  let slack: Float

  init(k: Int, listSize: Int, slack: Float = .infinity) {
    self.k = k
    self.listSize = min(max(listSize, k), Int(Int32.max) / Self.listSizesAtMost)
    self.slack = slack
  }

  /// With a slack walks expand about as many nodes as the list size says: the hardest, which decide about the
  /// last percent of recall, at most so many times more.
  static let listSizesAtMost = 3

  /// How many candidates a walk keeps.
  var capacity: Int { slack < .infinity ? Self.listSizesAtMost * listSize : listSize }

  /// How many of the nearest nodes reached get an exact distance. Codes of a byte a dimension order all but
  /// close ties, so a few more than `k` are enough for most data; a longer list asks for more care, and
  /// helps where neighbours are much nearer to each other than to the mean.
  var rerankCount: Int { min(capacity, max(k + max(10, k / 2), listSize / 6)) }

  /// The neighbour whose distance is the measure of how far to look. For small `k` the one of the recall
  /// curve: a limit from the nearest alone would end walks much earlier than the curve says.
  var rank: Int { min(max(k, RecallCurve.measuredCount), rerankCount) }
}

extension NavigableSegment {
  func walkParameters(for parameters: SearchParameters) -> WalkParameters {
    let curve = head.recallCurve
    let listSize =
      parameters.listSize ?? curve.listSize(for: parameters.targetRecall, k: parameters.k)
    // A list as long as the segment finds everything.
    let slack =
      listSize < nodeCount
      ? parameters.slack.map(Float.init) ?? curve.slack(forListSize: listSize, k: parameters.k)
      : .infinity
    return WalkParameters(k: parameters.k, listSize: listSize, slack: slack)
  }
}
