/// The sizes of one walk, all of them settled.
struct WalkParameters: Hashable {
  let k: Int
  let listSize: Int

  init(k: Int, listSize: Int) {
    self.k = k
    self.listSize = min(max(listSize, k), Int(Int32.max))
  }

  /// How many of the nearest nodes reached get an exact distance. Codes of a byte a dimension order all but
  /// close ties, so a few more than `k` are enough.
  var rerankCount: Int { min(listSize, k + max(10, k / 2)) }
}

extension Segment {
  func walkParameters(for parameters: SearchParameters) -> WalkParameters {
    WalkParameters(
      k: parameters.k,
      listSize: parameters.listSize
        ?? recallCurve.listSize(for: parameters.targetRecall, k: parameters.k))
  }
}
