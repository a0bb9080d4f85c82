#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Between two points what is missing falls about as a power of the list size: the logarithms of both lie on a
/// line, which is read one way or the other.
extension RecallCurve {
  /// The least list size with which `recall` was found, for ``measuredCount`` neighbours; nil where none of those
  /// measured was enough.
  func measuredListSize(for recall: Double) -> Int? {
    guard let index = points.firstIndex(where: { $0.recall >= recall }) else { return nil }
    let point = points[index]
    guard index > 0 else { return point.listSize }
    let before = points[index - 1]
    let fall = Self.logMissing(before.recall) - Self.logMissing(point.recall)
    guard fall > 0 else { return point.listSize }
    let part = (Self.logMissing(before.recall) - Self.logMissing(recall)) / fall
    let ratio = Double(point.listSize) / Double(before.listSize)
    return min(
      point.listSize, Int((Double(before.listSize) * pow(ratio, part)).rounded(.up)))
  }

  /// The recall that was found with lists of a size, for ``measuredCount`` neighbours: the inverse of
  /// ``measuredListSize(for:)``. Shorter lists than any measured are taken for the shortest; nil for longer ones.
  func measuredRecall(atListSize listSize: Int) -> Double? {
    guard let index = points.firstIndex(where: { $0.listSize >= listSize }) else { return nil }
    let point = points[index]
    guard index > 0, listSize < point.listSize else { return point.recall }
    let before = points[index - 1]
    let part =
      log(Double(listSize) / Double(before.listSize))
      / log(Double(point.listSize) / Double(before.listSize))
    let fall = Self.logMissing(before.recall) - Self.logMissing(point.recall)
    return 1 - exp(Self.logMissing(before.recall) - part * fall)
  }

  /// Less than this cannot be measured with a few hundred vectors.
  private static let leastMissing = 1e-4

  private static func logMissing(_ recall: Double) -> Double { log(max(1 - recall, leastMissing)) }
}
