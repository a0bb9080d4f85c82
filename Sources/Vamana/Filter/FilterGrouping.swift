internal import VectorMath

/// Groups the rows of a segment and encodes them: what filters of the segment take their codes from.
///
/// It does not keep the segment: one that is let go of meanwhile is freed after a step, and the work ends.
struct FilterGrouping {
  private weak var segment: Segment?

  private static let rowsAPiece = 256
  /// Rows of the sample for every centre, and the most bytes of all.
  private static let rowsACenter = 16
  private static let sampleByteCountMax = 64 << 20
  /// Leading axes that rows are compared with centres on: those that tell most.
  private static let comparedAxisCount = 96
  private static let seed: UInt64 = 0xf117e5

  init(of segment: Segment) { self.segment = segment }

  /// How many groups `count` rows fall into. More groups are nearer to what they hold, and take longer to compare
  /// a query with: 3 · √count were best or near it on texts and on clusters that are not more.
  private static func groupCount(of count: Int) -> Int {
    min(4096, max(1, Int(3 * Double(count).squareRoot())))
  }

  /// The most bytes of a row's code: half of what an edge may have at 384 dimensions. A row that is
  /// estimated wrongly costs another to be looked at closely, an edge a hop.
  private static func byteCountMax(dimension: Int) -> Int { max(dimension * 3 / 32, 32) }

  /// What ``codes()`` takes a component of a row: measured at 384 and at 128 dimensions, 20 and 45.
  private static let nanosecondsAComponent = 30.0

  /// About what ``codes()`` takes for `segment`.
  static func nanoseconds(of segment: Segment) -> Double {
    Double(segment.count * segment.dimension) * nanosecondsAComponent
  }

  /// The codes; nil if the segment was let go of before they were done.
  ///
  /// - Complexity: O(√count) multiply-adds of a row with each row, and `axes · dimension` for each.
  func codes() -> GroupedCodes? {
    guard let count = segment?.count, let sample = segment.map(sampled) else { return nil }
    let centers = GroupCenters(
      of: sample.rotated.base, sampleCount: sample.capacity, stride: sample.axisCount,
      axisCount: min(sample.axisCount, Self.comparedAxisCount),
      wanted: Self.groupCount(of: count), seed: Self.seed, isWanted: { segment != nil })
    guard
      let (order, means) = segment.map({ segment in
        let means = GroupMeans(of: sample, by: centers, segment: segment)
        return (RowOrder(count: count, groups: groups(with: means, of: segment)), means)
      })
    else { return nil }
    return encode(into: order, centers: centers, means: means) ? order.grouped() : nil
  }

  private func sampled(of segment: Segment) -> FilterRows {
    let rowCountMax = max(1, Self.sampleByteCountMax / FilterRows.byteCountARow(of: segment))
    let wanted = Self.rowsACenter * Self.groupCount(of: segment.count)
    let sample = FilterRows(
      segment: segment, capacity: min(segment.count, wanted, rowCountMax))
    sample.load(count: sample.capacity, of: segment) { $0 * segment.count / sample.capacity }
    return sample
  }

  /// Chooses the bits of codes by how rows spread around their means.
  private func groups(with means: GroupMeans, of segment: Segment) -> FilterGroups {
    let (variances, meanSquare) = means.spread()
    let known = segment.edgeQuantizer.shape
    // Whole groups of axes of any width.
    let usable = known.axisCount / 32 * 32
    var axes = Array(variances.indices)
    var shape = known
    if usable > 0 {
      axes.sort { (variances[$0], $1) > (variances[$1], $0) }
      let chosen = EdgeCodeShape.choose(
        variances: axes.prefix(usable).map { variances[$0] }, distortion: 0,
        byteCountMax: Self.byteCountMax(dimension: segment.dimension))
      if chosen.axisCount <= usable { shape = chosen }
    }
    axes = Array(axes.prefix(shape.axisCount))
    let quantizer = EdgeQuantizer(
      shape: shape, rotation: segment.edgeQuantizer.rotation,
      deviations: axes.map { variances[$0].squareRoot() }, unitA: meanSquare > 0 ? meanSquare : 1)
    let groups = FilterGroups(
      quantizer: quantizer, axes: axes, count: means.count, dimension: segment.dimension)
    for group in 0..<means.count {
      means.write(group, to: groups.rows + group * groups.rowStride)
    }
    return groups
  }

  /// - Returns: whether all rows were encoded.
  private func encode(into order: RowOrder, centers: GroupCenters, means: GroupMeans) -> Bool {
    guard
      let (rows, encoder) = segment.map({
        (
          FilterRows(segment: $0, capacity: Self.rowsAPiece),
          GroupEncoder(segment: $0, means: means, into: order.codes)
        )
      })
    else { return false }
    let count = order.codes.count
    let dimension = encoder.dimension
    for start in stride(from: 0, to: count, by: Self.rowsAPiece) {
      let height = min(Self.rowsAPiece, count - start)
      guard let segment else { return false }
      rows.load(count: height, of: segment) { start + $0 }
      centers.visitNearest(rows.rotated.base, count: height, stride: rows.axisCount) {
        row, group, _ in
        let square = encoder.encode(
          start + row, of: group, centred: rows.centred.base + row * dimension,
          rotated: rows.rotated.base + row * rows.axisCount)
        order.assign(start + row, to: group, squaredDistance: square)
      }
    }
    return true
  }
}
