extension RecallCurve {
  /// The share of the nearest that a search with a list of this size was found to miss, at most what the
  /// default target allows.
  ///
  /// Of ``listSize(for:k:)`` it is what that aimed at, which is a little less than was asked for.
  func loss(atListSize listSize: Int, k: Int) -> Double {
    let allowed = 1 - SearchParameters.defaultTargetRecall
    if let recall = measuredRecall(atListSize: listSize - Self.growth(for: k)) {
      return min(allowed, 1 - recall)
    }
    return min(allowed, points.last.map { (1 - $0.recall) / 2 } ?? allowed)
  }
}
