internal import VectorMath

/// Groups the rows of a segment and encodes them: what filters of the segment take their codes from.
struct FilterGrouping {
  private let segment: Segment

  private static let rowsAPiece = 256
  /// Rows of the sample for every centre.
  private static let rowsACenter = 16
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

  /// - Complexity: O(√count) multiply-adds of a row with each row, and `axes · dimension` for each.
  func codes() -> GroupedCodes {
    let wanted = Self.groupCount(of: segment.count)
    let sample = FilterRows(
      segment: segment, capacity: min(segment.count, Self.rowsACenter * wanted))
    sample.load(count: sample.capacity) { $0 * segment.count / sample.capacity }
    let centers = GroupCenters(
      of: sample.rotated.base, sampleCount: sample.capacity, stride: sample.axisCount,
      axisCount: min(sample.axisCount, Self.comparedAxisCount), wanted: wanted, seed: Self.seed)
    let means = GroupMeans(of: sample, by: centers, segment: segment)
    let groups = groups(with: means)
    let rows = RowOrder(count: segment.count, groups: groups)
    encode(into: rows, centers: centers, means: means)
    return rows.grouped()
  }

  /// Chooses the bits of codes by how rows spread around their means.
  private func groups(with means: GroupMeans) -> FilterGroups {
    let (variances, meanSquare) = means.spread()
    let known = segment.edgeQuantizer.shape
    // Whole groups of axes of any width.
    let usable = known.axisCount / 32 * 32
    var axes = Array(variances.indices)
    var shape = known
    if usable > 0 {
      axes.sort { (variances[$0], $1) > (variances[$1], $0) }
      shape = EdgeCodeShape.choose(
        variances: axes.prefix(usable).map { variances[$0] }, distortion: 0,
        byteCountMax: Self.byteCountMax(dimension: segment.dimension))
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

  private func encode(into order: RowOrder, centers: GroupCenters, means: GroupMeans) {
    let count = segment.count
    let rows = FilterRows(segment: segment, capacity: Self.rowsAPiece)
    let encoder = GroupEncoder(segment: segment, means: means, into: order.codes)
    for start in stride(from: 0, to: count, by: Self.rowsAPiece) {
      let height = min(Self.rowsAPiece, count - start)
      rows.load(count: height) { start + $0 }
      centers.visitNearest(rows.rotated.base, count: height, stride: rows.axisCount) {
        row, group, _ in
        let square = encoder.encode(
          start + row, of: group, centred: rows.centred.base + row * segment.dimension,
          rotated: rows.rotated.base + row * rows.axisCount)
        order.assign(start + row, to: group, squaredDistance: square)
      }
    }
  }
}
