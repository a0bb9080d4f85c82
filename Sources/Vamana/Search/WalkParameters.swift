/// The sizes of one walk, all of them settled.
struct WalkParameters: Hashable {
  let k: Int
  let listSize: Int

  init(k: Int, listSize: Int) {
    self.k = k
    self.listSize = min(max(listSize, k), Int(Int32.max))
  }

  /// How many of the nearest nodes reached get an exact distance. Codes of a byte a dimension order all but
  /// close ties, so a few more than `k` are enough for most data; a longer list asks for more care, and
  /// helps where neighbours are much nearer to each other than to the mean.
  var rerankCount: Int { min(listSize, max(k + max(10, k / 2), listSize / 6)) }
}

extension NavigableSegment {
  func walkParameters(for parameters: SearchParameters) -> WalkParameters {
    WalkParameters(
      k: parameters.k,
      listSize: parameters.listSize
        ?? head.recallCurve.listSize(for: parameters.targetRecall, k: parameters.k))
  }
}
