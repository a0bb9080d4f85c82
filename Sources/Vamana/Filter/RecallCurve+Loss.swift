extension RecallCurve {
  /// The share of the nearest that a search with a list of this size was found to miss, at most what the
  /// default target allows.
  func loss(atListSize listSize: Int, k: Int) -> Double {
    let allowed = 1 - SearchParameters.defaultTargetRecall
    let size = listSize - Self.growth(for: k)
    guard let index = points.firstIndex(where: { $0.listSize >= size }) else {
      return min(allowed, points.last.map { (1 - $0.recall) / 2 } ?? allowed)
    }
    let point = points[index]
    let before = index > 0 ? points[index - 1] : point
    let width = Double(point.listSize - before.listSize)
    let part = width > 0 ? Double(size - before.listSize) / width : 1
    return min(allowed, 1 - before.recall - part * (point.recall - before.recall))
  }
}
