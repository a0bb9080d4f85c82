#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What recall@10 a segment gave at several list sizes when it was built, and with which slack.
///
/// Measured with some of the segment's own vectors, each taken out of the graph while it was asked for. Queries of
/// another kind than the indexed vectors find less.
public struct RecallCurve: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    /// The nodes that a search expanded, on average.
    public var listSize: Int
    /// How much farther than the tenth nearest found they were at most, as a share of its squared distance;
    /// infinite where as many nodes were expanded for each query.
    public var slack: Double
    public var recall: Double
  }

  /// Ascending in all. Where no slack finds enough, points without any follow.
  public let points: [Point]

  /// The most points that a segment keeps.
  static let pointCountMax = 16
  /// The k of the measurement.
  static let measuredCount = 10
  /// Where nothing was measured: on a segment too small, or not yet.
  private static let fallbackListSize = 64

  /// The list size to ask for if `recall` is wanted: the least that misses a tenth less, as a sample's recall is off by
  /// some thousandths to either side; interpolated between those measured; beyond them, twice the
  /// largest.
  public func listSize(for recall: Double, k: Int) -> Int {
    // A sample's recall is off by some thousandths, to either side: a tenth fewer are to be missed.
    let recall = 1 - (1 - recall) * 0.9
    let beyond = points.last.map { 2 * $0.listSize } ?? Self.fallbackListSize
    return max(k, (measuredListSize(for: recall) ?? beyond) + Self.growth(for: k))
  }

  /// The slack with which searches expand about `listSize` nodes, and how many more than that a hard query
  /// may expand.
  ///
  /// Beyond what was measured there is no slack: whoever asks for so much wants to miss nothing, whichever
  /// query it is. Such searches expand as many nodes more as the largest list measured has.
  func slack(forListSize listSize: Int, k: Int) -> (slack: Float, extra: Int) {
    guard let first = points.first, let last = points.last, first.slack < .infinity else {
      return (.infinity, 0)
    }
    let size = Double(max(1, listSize - Self.growth(for: k)))
    if size < Double(first.listSize) { return (Float(first.slack), 0) }
    if size >= Double(last.listSize) {
      return (.infinity, last.slack < .infinity ? last.listSize : 0)
    }
    let index = points.firstIndex { Double($0.listSize) > size } ?? points.count - 1
    let (before, point) = (points[index - 1], points[index])
    guard before.slack < .infinity, point.slack < .infinity else { return (.infinity, 0) }
    let part =
      log(size / Double(before.listSize)) / log(Double(point.listSize) / Double(before.listSize))
    return (Float(before.slack + part * (point.slack - before.slack)), last.listSize)
  }

  /// A longer answer reaches further out: every further neighbour takes a further place in the list.
  static func growth(for k: Int) -> Int { max(0, k - measuredCount) * 5 / 4 }
}

extension RecallCurve.Point {
  /// The slack as it is kept: 8,192ths above -1, and 0 for none.
  var storedSlack: UInt16 {
    guard slack < .infinity else { return 0 }
    return UInt16(min(max(1, ((1 + slack) * 8192).rounded()), 65_535))
  }

  init(listSize: Int, storedSlack: UInt16, recall: Double) {
    self.listSize = listSize
    slack = storedSlack == 0 ? .infinity : Double(storedSlack) / 8192 - 1
    self.recall = recall
  }
}
