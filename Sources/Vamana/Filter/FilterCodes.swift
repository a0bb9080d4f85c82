internal import VectorMath

/// The codes of a filter's matches in one segment, side by side: what a scan reads in place of rows that
/// lie a record apart. Immutable.
///
/// The codes are those of edges (see ``EdgeQuantizer``), from the mean of the matches to each, with the
/// axes of the segment and bits by how the matches spread: a tenth of the bytes of a row, scored 16 at a time.
final class FilterCodes: @unchecked Sendable {
  // SAFETY: `codes` has `blockCount` blocks, `a` and `b` a number for each of their lanes, `nodes` one for
  // each of `count` lanes; all are written in the initializer only.
  let quantizer: EdgeQuantizer
  let count: Int
  let blockCount: Int
  let codes: UnsafeMutablePointer<UInt8>
  let a: UnsafeMutablePointer<UInt16>
  let b: UnsafeMutablePointer<UInt16>
  let nodes: UnsafeMutablePointer<UInt32>

  /// Rows that are rotated in one matrix product.
  private static let pieceCount = 256
  /// Rows from which the mean and the spread are taken.
  private static let sampleCountMax = 2048

  /// The most bytes of a match: half of what an edge may have. A match that is estimated wrongly costs a row
  /// more in the shortlist, an edge a hop.
  static func byteCountMax(dimension: Int) -> Int {
    max(dimension * 3 / 32, 16)
  }

  /// - Complexity: `count · axes · dimension` multiply-adds.
  init(of matches: FilterMatches, in segment: Segment) {
    count = matches.count
    blockCount = (count + EdgeCodeShape.laneCount - 1) / EdgeCodeShape.laneCount
    let laneCount = max(1, blockCount * EdgeCodeShape.laneCount)
    nodes = .allocate(capacity: laneCount)
    nodes.initialize(repeating: 0, count: laneCount)
    var cursor = FilterMatches.Cursor()
    var filled = 0
    while filled < count {
      let read = matches.read(&cursor, into: nodes + filled, limit: count - filled)
      guard read > 0 else { break }
      filled += read
    }
    let rows = FilterRows(segment: segment, capacity: Self.pieceCount)
    let spread = rows.spread(of: nodes, count: count, sampleCountMax: Self.sampleCountMax)
    quantizer = EdgeQuantizer(
      shape: Self.shape(for: spread.variances, in: segment),
      rotation: segment.edgeQuantizer.rotation,
      deviations: spread.variances.map { $0.squareRoot() }, unitA: spread.unitA)
    let byteCount = max(64, blockCount * quantizer.shape.blockByteCount)
    codes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      .bindMemory(to: UInt8.self, capacity: byteCount)
    codes.initialize(repeating: 0, count: byteCount)
    a = .allocate(capacity: laneCount)
    a.initialize(repeating: EdgeQuantizer.noEdge, count: laneCount)
    b = .allocate(capacity: laneCount)
    b.initialize(repeating: 0, count: laneCount)
    for start in stride(from: 0, to: count, by: Self.pieceCount) {
      let edges = rows.edges(
        to: nodes + start, count: min(Self.pieceCount, count - start), from: spread)
      quantizer.encode(
        edges, from: spread.rotatedMean, slope: segment.metric == .squaredEuclidean ? -2 : -1,
        kernels: segment.kernels,
        codes: codes + start / EdgeCodeShape.laneCount * quantizer.shape.blockByteCount,
        factorsA: a + start, factorsB: b + start)
    }
  }

  /// A shape for vectors that spread like `variances`, of the axes that the segment has.
  private static func shape(for variances: [Float], in segment: Segment) -> EdgeCodeShape {
    let known = segment.edgeQuantizer.shape
    let axisCount = known.axisCount / 32 * 32
    guard axisCount > 0 else { return known }
    return EdgeCodeShape.choose(
      variances: Array(variances.prefix(axisCount)), distortion: 0,
      byteCountMax: byteCountMax(dimension: segment.dimension))
  }

  deinit {
    codes.deallocate()
    a.deallocate()
    b.deallocate()
    nodes.deallocate()
  }
}
