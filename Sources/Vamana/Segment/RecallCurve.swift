/// What recall@10 a segment gave at several list sizes when it was built.
///
/// Measured with some of the segment's own vectors, each held out while it was asked for. That errs on the
/// safe side: the graph has a hole where the vector was. Queries of another kind than the indexed vectors
/// find less.
public struct RecallCurve: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    public var listSize: Int
    public var recall: Double
  }

  /// Ascending in both.
  public let points: [Point]

  /// The most points that a segment keeps.
  static let pointCountMax = 16
  /// The k of the measurement.
  static let measuredCount = 10
  /// Where nothing was measured: on a segment too small, or not yet.
  private static let fallbackListSize = 64

  /// The least list size that gives `recall`, interpolated between those measured; beyond them, twice the
  /// largest.
  public func listSize(for recall: Double, k: Int) -> Int {
    let measured: Int
    if let index = points.firstIndex(where: { $0.recall >= recall }) {
      let point = points[index]
      let before = index > 0 ? points[index - 1] : point
      let rise = point.recall - before.recall
      let part = rise > 0 ? (recall - before.recall) / rise : 1
      measured =
        before.listSize + Int((Double(point.listSize - before.listSize) * part).rounded(.up))
    } else {
      measured = points.last.map { 2 * $0.listSize } ?? Self.fallbackListSize
    }
    // A longer answer reaches further out: every further neighbour takes a further place in the list.
    return k <= Self.measuredCount ? max(k, measured) : measured + (k - Self.measuredCount) * 5 / 4
  }
}
