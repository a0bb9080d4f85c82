internal import VectorMath

/// The codes of a filter's matches in one segment, side by side: what a scan reads in place of rows that
/// lie a record apart. Immutable.
///
/// The codes are those of edges (see ``EdgeQuantizer``), from the centre of the segment to each match: 4 to
/// 8 times smaller than byte codes, and scored 16 at a time.
final class FilterCodes: @unchecked Sendable {
  // SAFETY: `codes` has `blockCount` blocks, `a` and `b` a number for each of their lanes, `nodes` one for
  // each of `count` lanes; all are written in the initializer only.
  let count: Int
  let blockCount: Int
  let codes: UnsafeMutablePointer<UInt8>
  let a: UnsafeMutablePointer<UInt16>
  let b: UnsafeMutablePointer<UInt16>
  let nodes: UnsafeMutablePointer<UInt32>

  /// Rows that are rotated in one matrix product.
  private static let pieceCount = 256

  /// - Complexity: `count · axes · dimension` multiply-adds.
  init(of matches: FilterMatches, in segment: Segment) {
    let quantizer = segment.edgeQuantizer
    let shape = quantizer.shape
    count = matches.count
    blockCount = (count + EdgeCodeShape.laneCount - 1) / EdgeCodeShape.laneCount
    let laneCount = max(1, blockCount * EdgeCodeShape.laneCount)
    let byteCount = max(64, blockCount * shape.blockByteCount)
    codes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      .bindMemory(to: UInt8.self, capacity: byteCount)
    codes.initialize(repeating: 0, count: byteCount)
    a = .allocate(capacity: laneCount)
    a.initialize(repeating: EdgeQuantizer.noEdge, count: laneCount)
    b = .allocate(capacity: laneCount)
    b.initialize(repeating: 0, count: laneCount)
    nodes = .allocate(capacity: laneCount)
    nodes.initialize(repeating: 0, count: laneCount)
    var cursor = FilterMatches.Cursor()
    var filled = 0
    while filled < count {
      let read = matches.read(&cursor, into: nodes + filled, limit: count - filled)
      guard read > 0 else { break }
      filled += read
    }
    encode(segment, quantizer: quantizer)
  }

  deinit {
    codes.deallocate()
    a.deallocate()
    b.deallocate()
    nodes.deallocate()
  }

  private func encode(_ segment: Segment, quantizer: EdgeQuantizer) {
    let dimension = segment.dimension
    let axisCount = quantizer.shape.axisCount
    let center = segment.quantizer.center
    let euclidean = segment.metric == .squaredEuclidean
    let axes = quantizer.rotation.floatRows()
    let rows = FloatBuffer(count: Self.pieceCount * dimension)
    let rotated = FloatBuffer(count: Self.pieceCount * axisCount)
    let origin = [Float](repeating: 0, count: axisCount)
    for start in stride(from: 0, to: count, by: Self.pieceCount) {
      let height = min(Self.pieceCount, count - start)
      var measured: [(squaredLength: Float, change: Float)] = []
      measured.reserveCapacity(height)
      for index in 0..<height {
        // SAFETY: room for `pieceCount` rows, and the nodes are those of the segment.
        let row = rows.base + index * dimension
        segment.copyVector(of: Int(nodes[start + index]), into: row)
        var length: Float = 0
        var product: Float = 0
        for axis in 0..<dimension {
          let value = row[axis] - center[axis]
          row[axis] = value
          length += value * value
          product += value * center[axis]
        }
        measured.append((length, euclidean ? length : -product))
      }
      BLAS.multiplyTransposed(
        rows.base, axes, into: rotated.base, m: height, n: axisCount, k: dimension)
      let edges = measured.enumerated().map { index, value in
        EdgeQuantizer.Edge(
          target: rotated.base + index * axisCount, squaredLength: value.squaredLength,
          change: value.change)
      }
      quantizer.encode(
        edges, from: origin, slope: euclidean ? -2 : -1, kernels: segment.kernels,
        codes: codes + start / EdgeCodeShape.laneCount * quantizer.shape.blockByteCount,
        factorsA: a + start, factorsB: b + start)
    }
  }
}
