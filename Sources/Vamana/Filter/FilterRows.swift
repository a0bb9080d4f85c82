internal import VectorMath

/// Vectors of a segment, centred, and rotated to the axes of its codes, a piece at a time.
final class FilterRows {
  // SAFETY: `centred` has room for `capacity` vectors, `rotated` for as many along the axes.
  // It keeps no segment: one that is let go of meanwhile is freed at once.
  let capacity: Int
  private let dimension: Int
  private let axes: [Float]
  let axisCount: Int
  let centred: FloatBuffer
  let rotated: FloatBuffer

  init(segment: Segment, capacity: Int) {
    self.capacity = capacity
    dimension = segment.dimension
    axes = segment.edgeQuantizer.rotation.floatRows()
    axisCount = segment.edgeQuantizer.shape.axisCount
    centred = FloatBuffer(count: capacity * dimension)
    rotated = FloatBuffer(count: capacity * axisCount)
  }

  /// The bytes of a vector in here.
  static func byteCountARow(of segment: Segment) -> Int {
    (segment.dimension + segment.edgeQuantizer.shape.axisCount) * MemoryLayout<Float>.stride
  }

  /// Reads and rotates the vectors of at most `capacity` nodes of the segment this was made for.
  ///
  /// - Complexity: `count · axes · dimension` multiply-adds.
  func load(count: Int, of segment: Segment, node: (Int) -> Int) {
    segment.quantizer.center.withUnsafeBufferPointer { center in
      for index in 0..<count {
        let row = centred.base + index * dimension
        segment.copyVector(of: node(index), into: row)
        for axis in 0..<dimension { row[axis] -= center[axis] }
      }
    }
    rotate(count: count)
  }

  /// Rotates the first `count` of the centred vectors.
  func rotate(count: Int) {
    BLAS.multiplyTransposed(
      centred.base, axes, into: rotated.base, m: count, n: axisCount, k: dimension)
  }
}
