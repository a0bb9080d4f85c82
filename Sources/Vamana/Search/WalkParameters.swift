/// The sizes of one walk, all of them settled.
struct WalkParameters: Hashable {
  let k: Int
  /// About how many nodes are expanded.
  let listSize: Int
  /// How many candidates the walk keeps, and at most expands.
  let capacity: Int
  /// How much farther than the nearest found a candidate may be to be expanded, see ``SearchRadius``.
  let slack: Float

  /// - Parameter extra: how many more than `listSize` a hard query may expand, at most as many again.
  init(k: Int, listSize: Int, slack: Float = .infinity, extra: Int = 0) {
    self.k = k
    self.listSize = min(max(listSize, k), Int(Int32.max) / 2)
    self.slack = slack
    capacity = self.listSize + min(self.listSize, extra)
  }

  /// How many of the nearest nodes reached get an exact distance at most. Codes of a byte a dimension order all but
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
    guard listSize < nodeCount else {
      return WalkParameters(k: parameters.k, listSize: listSize)
    }
    if let slack = parameters.slack {
      return WalkParameters(
        k: parameters.k, listSize: listSize, slack: Float(slack),
        extra: slack < .infinity ? listSize : 0)
    }
    let (slack, extra) = curve.slack(forListSize: listSize, k: parameters.k)
    return WalkParameters(k: parameters.k, listSize: listSize, slack: slack, extra: extra)
  }
}
