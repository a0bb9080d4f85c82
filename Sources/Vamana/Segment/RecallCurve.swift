#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What recall@10 a segment gave at several list sizes when it was built, and with which slack.
///
/// Measured with some of the segment's own vectors, each held out while it was asked for. That errs on the
/// safe side: the graph has a hole where the vector was. Queries of another kind than the indexed vectors
/// find less.
public struct RecallCurve: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    /// The nodes that a search expanded, on average.
    public var listSize: Int
    /// How much farther than the tenth nearest found they were at most, as a share of its squared distance;
    /// infinite where as many nodes were expanded for each query.
    public var slack: Double
    public var recall: Double
  }

  /// Ascending in all.
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
    return max(k, measured + Self.growth(for: k))
  }

  /// The slack with which searches expand about `listSize` nodes: between the points measured and beyond
  /// them as the logarithm of the list size goes.
  func slack(forListSize listSize: Int, k: Int) -> Float {
    guard points.count > 1 else { return .infinity }
    let size = Double(max(1, listSize - Self.growth(for: k)))
    let upper = points.dropFirst().dropLast().firstIndex { Double($0.listSize) >= size }
    let point = points[upper ?? points.count - 1]
    let before = points[(upper ?? points.count - 1) - 1]
    guard point.slack < .infinity, before.slack < .infinity else { return .infinity }
    let rise = (point.slack - before.slack) / log(Double(point.listSize) / Double(before.listSize))
    let slack = before.slack + rise * log(size / Double(before.listSize))
    return Float(max(points[0].slack - Self.slackBelowMeasured, slack))
  }

  /// Below the least slack measured nobody knows what is found.
  private static let slackBelowMeasured = 0.1

  /// A longer answer reaches further out: every further neighbour takes a further place in the list.
  private static func growth(for k: Int) -> Int { max(0, k - measuredCount) * 5 / 4 }
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
